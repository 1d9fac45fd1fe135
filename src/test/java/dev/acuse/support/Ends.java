package dev.acuse.support;

import dev.acuse.event.Attempt;
import dev.acuse.event.Lease;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.EventStore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Ends of attempts for tests. */
public final class Ends {
  private Ends() {}

  /**
   * The end of an attempt at a claimed event, which was linked to payment 777 and its preference.
   */
  public static AttemptEnd of(WebhookEvent event, Next next, Instant now) {
    String owner = Objects.requireNonNull(event.leaseOwner());
    return new AttemptEnd(
        next,
        new Lease(event.id(), owner, event.claimNo()),
        new Attempt(
            event.id(),
            event.claimNo(),
            owner,
            now,
            now,
            next.kind().outcome(),
            null,
            null,
            null,
            List.of(),
            null),
        "777",
        "pref-9",
        null);
  }

  /** Records that end alone; false if the lease was lost. */
  public static boolean end(EventStore store, WebhookEvent event, Next next, Instant now) {
    return store.end(List.of(of(event, next, now))).get(0);
  }
}
