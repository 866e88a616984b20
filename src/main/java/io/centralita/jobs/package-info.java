/**
 * The long run, written once: a cursor over windows of items, pause and resume, supervised children
 * that do the work, pace and fairness between owners, progress.
 *
 * <p>A feature gives a {@link io.centralita.jobs.RunKind}: what to do with a window, and where
 * lists read the progress.
 */
@NullMarked
package io.centralita.jobs;

import org.jspecify.annotations.NullMarked;
