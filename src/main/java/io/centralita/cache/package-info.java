/** Ground: the shared cache, which makes things faster and is never needed. */
@NullMarked
package io.centralita.cache;

import org.jspecify.annotations.NullMarked;
