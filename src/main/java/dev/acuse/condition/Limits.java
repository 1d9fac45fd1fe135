package dev.acuse.condition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * From where on something is wrong.
 *
 * @param backlog how long a due event may wait
 * @param quarantined so many quarantined webhooks in an hour are too many
 * @param outage how long another system may be out before an alert
 * @param silence a shorter time without a webhook is no silence
 * @param silenceGaps so many usual gaps between webhooks are a silence
 * @param reconcileEvery how often MercadoPago is asked what changed; null if only on demand
 */
public record Limits(
    Duration backlog,
    int quarantined,
    Duration outage,
    Duration silence,
    int silenceGaps,
    @Nullable Duration reconcileEvery) {}
