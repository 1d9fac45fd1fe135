package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.acuse.effect.EffectTally;

/**
 * An event in a list.
 *
 * @param effects how those of its payment stand; of an effect's event, that one
 */
record WebhookEventRow(@JsonUnwrapped WebhookEventView event, EffectTally effects) {}
