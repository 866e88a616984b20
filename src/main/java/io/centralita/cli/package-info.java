/** The command line: what a person types, and what is printed for it. */
@NullMarked
package io.centralita.cli;

import org.jspecify.annotations.NullMarked;
