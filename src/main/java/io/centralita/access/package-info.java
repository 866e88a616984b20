/** Mechanism: who sends a request, what that key may do, who did what, and requests sent twice. */
@NullMarked
package io.centralita.access;

import org.jspecify.annotations.NullMarked;
