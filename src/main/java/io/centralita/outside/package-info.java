/** The one small kit for calls to outside systems that fail, hang, lie and throttle. */
@NullMarked
package io.centralita.outside;

import org.jspecify.annotations.NullMarked;
