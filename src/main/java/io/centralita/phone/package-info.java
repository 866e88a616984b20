/** Telephone numbers by the rules of their numbering plan alone: nothing here asks anybody. */
@NullMarked
package io.centralita.phone;

import org.jspecify.annotations.NullMarked;
