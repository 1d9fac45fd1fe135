package dev.acuse.dispatch;

import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Decides what becomes of an event after an attempt: pure, but for the jitter. Thread-safe if the
 * random generator is.
 */
public final class RetryPolicy {
  /** Up to a tenth is added to each wait, so that events which failed together return apart. */
  private static final double JITTER = 0.1;

  private final List<Duration> delays;
  private final Duration outagePatience;
  private final RandomGenerator random;

  /**
   * @param delays the waits after the first, second, … attempt; the last one repeats
   * @param outagePatience how long after its first outage an event's attempts stay uncounted; zero
   *     counts them like any other
   */
  public RetryPolicy(List<Duration> delays, Duration outagePatience, RandomGenerator random) {
    if (delays.isEmpty()) {
      throw new IllegalArgumentException("at least one delay");
    }
    this.delays = List.copyOf(delays);
    this.outagePatience = outagePatience;
    this.random = random;
  }

  /**
   * What becomes of an event after an attempt.
   *
   * @param event as claimed: its attempts include the one that just ended
   * @param now the database's time
   */
  public Next decide(WebhookEvent event, Outcome outcome, Instant now) {
    return switch (outcome.kind()) {
      case DONE -> Next.SUCCEED;
      case IGNORED -> Next.IGNORE;
      case FAIL -> Next.FAIL;
      case SNOOZE -> Next.handBack(after(outcome, Duration.ZERO, now));
      case RETRY -> retry(event, outcome, now);
      case OUTAGE ->
          isPatient(event, now)
              ? Next.waitFor(
                  Objects.requireNonNull(outcome.downstream()),
                  after(outcome, delay(event.outages() + 1), now))
              : retry(event, outcome, now);
    };
  }

  private Next retry(WebhookEvent event, Outcome outcome, Instant now) {
    return event.attempts() >= event.maxAttempts()
        ? Next.FAIL
        : Next.retry(after(outcome, delay(event.attempts()), now));
  }

  private boolean isPatient(WebhookEvent event, Instant now) {
    Instant since = event.outageSince() == null ? now : event.outageSince();
    return now.isBefore(since.plus(outagePatience));
  }

  private Duration delay(int failures) {
    return delays.get(Math.min(Math.max(failures, 1), delays.size()) - 1);
  }

  private Instant after(Outcome outcome, Duration scheduled, Instant now) {
    Duration asked = outcome.delay();
    Duration least = asked != null && asked.compareTo(scheduled) > 0 ? asked : scheduled;
    long jitter = (long) (least.toMillis() * JITTER * random.nextDouble());
    return now.plus(least).plusMillis(jitter);
  }
}
