/** Who operates a phone line: the sources that know, and the look-ups that ask them. */
@NullMarked
package io.centralita.lookup;

import org.jspecify.annotations.NullMarked;
