package dev.acuse.alert;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that may be wrong.
 *
 * @param kind by which it can be muted
 * @param subject what it is about, where a kind has several; at most 128 characters
 * @param problem says what is wrong; null if nothing is; throws if that cannot be told
 */
record AlertCheck(String kind, String subject, Supplier<@Nullable String> problem) {}
