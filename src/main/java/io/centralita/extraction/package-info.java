/** Fair, exclusive and auditable draws of contacts into files. */
@NullMarked
package io.centralita.extraction;

import org.jspecify.annotations.NullMarked;
