package io.centralita.jobs;

import io.centralita.actor.LiveEntities;

/** What operators see of runs and do to them. */
public record Oversight(LiveEntities live, Holds holds) {}
