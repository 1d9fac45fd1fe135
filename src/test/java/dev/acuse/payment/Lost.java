package dev.acuse.payment;

import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EffectKey;
import dev.acuse.event.Lane;
import dev.acuse.event.Lease;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd;
import dev.acuse.support.Claims;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A process that is frozen between its call and the record of it. */
final class Lost {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private Lost() {}

  /** What it claims, also what must be claimed alone. */
  static List<WebhookEvent> claim(EffectStage fixture) {
    List<WebhookEvent> claimed =
        fixture.events.claim(Claims.due("frozen", 10, LEASE, Lane.MAIN, fixture.crmLane()));
    return claimed.isEmpty() ? fixture.events.claim(Claims.alone("frozen", LEASE)) : claimed;
  }

  /** The end of its attempt, which went well. */
  static AttemptEnd success(WebhookEvent event, EffectStage fixture) {
    String owner = Objects.requireNonNull(event.leaseOwner());
    return new AttemptEnd(
        AttemptEnd.Next.SUCCEED,
        new Lease(event.id(), owner, event.claimNo()),
        new Attempt(
            event.id(),
            event.claimNo(),
            owner,
            fixture.clock.instant(),
            fixture.clock.instant(),
            AttemptOutcome.SUCCESS,
            null,
            null,
            null,
            List.of(),
            null),
        null,
        null,
        null,
        EffectKey.of(event.webhookId()).orElseThrow());
  }
}
