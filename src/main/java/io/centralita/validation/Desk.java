package io.centralita.validation;

import io.centralita.outside.Circuit;
import io.centralita.outside.Gate;

/**
 * Where this node asks about a platform.
 *
 * @param gate this node's share of what the platform bears from all nodes
 */
record Desk(Check platform, Validator validator, Gate gate, Circuit circuit, Price price) {}
