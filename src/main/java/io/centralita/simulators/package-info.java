/** Stand-ins for outside systems: real wire protocols on loopback, with settable faults. */
@NullMarked
package io.centralita.simulators;

import org.jspecify.annotations.NullMarked;
