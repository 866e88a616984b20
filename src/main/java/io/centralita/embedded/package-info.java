/**
 * Ground: the servers that a node brings along where none is given, and the folder they live in.
 */
@NullMarked
package io.centralita.embedded;

import org.jspecify.annotations.NullMarked;
