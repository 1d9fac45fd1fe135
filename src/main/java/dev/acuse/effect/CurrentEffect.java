package dev.acuse.effect;

import dev.acuse.event.EffectKey;

/**
 * What is wanted now, as a handler reads it before it calls.
 *
 * @param key with the newest generation
 * @param accountId whose it is
 * @param isOfOneAccount whether all that wants it is of that account, too
 * @param target whom it is done to, as the other system names that
 * @param name which one of its kind; may be empty
 */
public record CurrentEffect(
    EffectKey key,
    long accountId,
    boolean isOfOneAccount,
    String target,
    String name,
    Wanted wanted) {}
