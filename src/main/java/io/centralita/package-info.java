/** The program: settings, wiring and start. */
@NullMarked
package io.centralita;

import org.jspecify.annotations.NullMarked;
