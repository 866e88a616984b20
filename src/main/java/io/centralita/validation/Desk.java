package io.centralita.validation;

import io.centralita.outside.Circuit;
import io.centralita.outside.Gate;
import io.centralita.scoring.Platform;

/**
 * Where this node asks about a platform.
 *
 * @param gate this node's share of what the platform bears from all nodes
 */
record Desk(Platform platform, Validator validator, Gate gate, Circuit circuit) {}
