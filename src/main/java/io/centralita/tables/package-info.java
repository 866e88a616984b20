/** Tables in files: CSV, text and workbooks, read and written one row at a time. */
@NullMarked
package io.centralita.tables;

import org.jspecify.annotations.NullMarked;
