/** Ground: what is encrypted at rest, and by which of the operator's keys. */
@NullMarked
package io.centralita.secrets;

import org.jspecify.annotations.NullMarked;
