/** Ground: plain JDBC on PostgreSQL, on its own threads, and the schema's migrations. */
@NullMarked
package io.centralita.db;

import org.jspecify.annotations.NullMarked;
