/** The exits to the outside: which proxy a session goes through, and under which name. */
@NullMarked
package io.centralita.proxy;

import org.jspecify.annotations.NullMarked;
