/** Ground: the HTTP server, its errors, its JSON, and what every route is made with. */
@NullMarked
package io.centralita.http;

import org.jspecify.annotations.NullMarked;
