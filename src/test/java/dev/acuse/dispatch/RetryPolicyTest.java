package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd.Kind;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.support.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-02T14:05:09Z");

  private final RetryPolicy policy = policy(Duration.ofDays(3));

  private static RetryPolicy policy(Duration patience) {
    return new RetryPolicy(
        List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15)),
        patience,
        new Random(7));
  }

  @Test
  void whatIsDoneIgnoredOrHopelessIsNotTriedAgain() {
    assertThat(policy.decide(event(1, 0, null), Outcome.done(), NOW)).isEqualTo(Next.SUCCEED);
    assertThat(policy.decide(event(1, 0, null), Outcome.ignored("x"), NOW)).isEqualTo(Next.IGNORE);
    assertThat(policy.decide(event(1, 0, null), Outcome.fail("k", "x", 400), NOW))
        .isEqualTo(Next.FAIL);
  }

  @ParameterizedTest
  @CsvSource({"1,60", "2,300", "3,900"})
  void anEventsOwnFailureWaitsLongerEachTimeWithALittleJitter(int attempt, long seconds) {
    Next next = policy.decide(event(attempt, 0, null), Outcome.retry("not_found", "x", 404), NOW);

    assertThat(next.kind()).isEqualTo(Kind.RETRY);
    assertThat(next.dueAt())
        .isBetween(NOW.plusSeconds(seconds), NOW.plusSeconds(seconds + seconds / 10 + 1));
  }

  @Test
  void theLastAttemptFails() {
    assertThat(policy.decide(event(4, 0, null), Outcome.retry("not_found", "x", 404), NOW).kind())
        .isEqualTo(Kind.FAIL);
  }

  @Test
  void anOutageBurnsNoAttemptWhilePatienceLasts() {
    Outcome outage = Outcome.outage("mercadopago", "unavailable", "x", null, 500);

    assertThat(policy.decide(event(4, 20, NOW.minus(Duration.ofHours(71))), outage, NOW).kind())
        .isEqualTo(Kind.WAIT);
    assertThat(policy.decide(event(4, 20, NOW.minus(Duration.ofDays(3))), outage, NOW).kind())
        .isEqualTo(Kind.FAIL);
    assertThat(policy.decide(event(1, 20, NOW.minus(Duration.ofDays(3))), outage, NOW).kind())
        .as("after that it counts like any other")
        .isEqualTo(Kind.RETRY);
  }

  @Test
  void noPatienceIsThePlainSchedule() {
    Outcome outage = Outcome.outage("mercadopago", "unavailable", "x", null, 500);

    assertThat(policy(Duration.ZERO).decide(event(1, 0, null), outage, NOW).kind())
        .isEqualTo(Kind.RETRY);
  }

  @Test
  void theOtherSidesWordForWhenToComeBackIsHonoured() {
    Duration asked = Duration.ofMinutes(40);
    Outcome outage = Outcome.outage("mercadopago", "unavailable", "x", asked, 429);

    Next next = policy.decide(event(1, 0, null), outage, NOW);

    assertThat(Objects.requireNonNull(next.dueAt())).isAfterOrEqualTo(NOW.plus(asked));
  }

  @Test
  void aSnoozeIsAsShortAsAsked() {
    Next next = policy.decide(event(1, 0, null), Outcome.snooze("x", Duration.ofSeconds(1)), NOW);

    assertThat(next.kind()).isEqualTo(Kind.HAND_BACK);
    assertThat(next.dueAt()).isBetween(NOW.plusSeconds(1), NOW.plusMillis(1100));
  }

  private static WebhookEvent event(int attempts, int outages, @Nullable Instant outageSince) {
    return Events.claimed(1, attempts, outages, outageSince, NOW);
  }
}
