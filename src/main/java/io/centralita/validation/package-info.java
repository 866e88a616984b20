/**
 * Which platforms know a number: jobs that ask validators about many, what they said, and how good
 * a lead that makes it.
 */
@NullMarked
package io.centralita.validation;

import org.jspecify.annotations.NullMarked;
