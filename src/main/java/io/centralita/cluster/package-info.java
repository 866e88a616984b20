/** How nodes on one database become one cluster, and stay one. */
@NullMarked
package io.centralita.cluster;

import org.jspecify.annotations.NullMarked;
