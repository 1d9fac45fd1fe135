package dev.acuse.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of an attempt.
 *
 * @param name what was done: {@code look-up}, {@code payment}, {@code tag}, …
 * @param millis how long it took, by a monotonic clock
 * @param outcome {@code ok} or {@code error}
 * @param detail what was found or what went wrong, never a payload or a secret
 */
public record AttemptStep(
    String name, Instant startedAt, long millis, String outcome, @Nullable String detail) {}
