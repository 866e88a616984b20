/**
 * The exits to the outside: proxies as entities that keep their own circuit, and the sessions that
 * nodes borrow from them.
 */
@NullMarked
package io.centralita.proxy;

import org.jspecify.annotations.NullMarked;
