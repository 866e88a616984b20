/**
 * How good a lead a number is: a score of 0 to 100 from what platforms said of it. Pure: the same
 * evidence, model and moment give the same score, anywhere.
 */
@NullMarked
package io.centralita.scoring;

import org.jspecify.annotations.NullMarked;
