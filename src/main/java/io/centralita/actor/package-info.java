/** Ground: what actors need of each other, whatever they do. */
@NullMarked
package io.centralita.actor;

import org.jspecify.annotations.NullMarked;
