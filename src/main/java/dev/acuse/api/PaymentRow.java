package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.acuse.effect.EffectTally;

/**
 * A payment in a list.
 *
 * @param effects how those of it and of its checkout stand
 */
record PaymentRow(@JsonUnwrapped PaymentView payment, EffectTally effects) {}
