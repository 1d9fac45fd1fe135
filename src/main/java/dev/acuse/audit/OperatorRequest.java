package dev.acuse.audit;

import org.jspecify.annotations.Nullable;

/**
 * A change that a person or a program asks for, as the audit trail writes it down.
 *
 * @param actor the name of the caller
 * @param action the word of the audit trail, such as {@code retry}
 * @param reason in the person's words; null or blank if none was given
 */
public record OperatorRequest(String actor, String action, @Nullable String reason) {}
