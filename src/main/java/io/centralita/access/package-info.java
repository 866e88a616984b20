/** Mechanism: who sends a request, what that key may do, and requests that are sent twice. */
@NullMarked
package io.centralita.access;

import org.jspecify.annotations.NullMarked;
