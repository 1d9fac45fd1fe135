package dev.acuse.inbox;

import org.jspecify.annotations.Nullable;

/**
 * An instance that was heard of lately.
 *
 * @param instance its name; where it has no spool, its run's, because nothing else tells it from
 *     others
 * @param version null for a version that does not say
 * @param settings see {@link RunMark}; null for such a version
 * @param accountsVersion see {@link RunMark}; null for a version that knows no accounts
 */
public record LiveInstance(
    String instance,
    @Nullable String version,
    @Nullable String settings,
    @Nullable Long accountsVersion) {}
