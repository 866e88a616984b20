/** The operators' view: nodes, entities and their journals, safe verbs, the audit, metrics. */
@NullMarked
package io.centralita.ops;

import org.jspecify.annotations.NullMarked;
