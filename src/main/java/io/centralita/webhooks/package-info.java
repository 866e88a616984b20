/**
 * Webhooks: what happens to a user's things is written into an outbox with it, and told to the
 * endpoints that he named, signed as Standard Webhooks has it.
 */
@NullMarked
package io.centralita.webhooks;

import org.jspecify.annotations.NullMarked;
