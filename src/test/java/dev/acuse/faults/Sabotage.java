package dev.acuse.faults;

import java.nio.file.Path;
import java.util.List;

/**
 * A mistake that receivers of webhooks are known to make, put into the product's source: the fault
 * run must see it, or it proves nothing.
 */
enum Sabotage {
  /** A delivery is answered when it is in memory. */
  ANSWER_BEFORE_COMMIT(
      "it answers before the commit",
      "IntakeWriter",
      "return waiting.receipt(); } private boolean enqueue",
      "return CompletableFuture.completedFuture(Receipt.STORED); } private boolean enqueue"),

  /** Whether the key is there is asked before the insert, not by it; needs a key not unique. */
  CHECK_THEN_INSERT(
      "it looks for the key, and then inserts",
      "EventDao",
      """
      List<Boolean> stored = Dialect.of(handle).insert(handle, arrivals, allowed);
      insistOnDuplicates(arrivals, stored);
      return stored;
      """,
      """
      List<Boolean> verdicts = new java.util.ArrayList<>();
      List<Arrival> fresh = new java.util.ArrayList<>();
      for (Arrival arrival : arrivals) {
        boolean isNew =
            handle
                .createQuery("SELECT COUNT(*) FROM webhook_events WHERE webhook_id = :key")
                .bind("key", arrival.event().webhookId())
                .mapTo(Integer.class)
                .one() == 0;
        verdicts.add(isNew);
        if (isNew) {
          fresh.add(arrival);
        }
      }
      if (!fresh.isEmpty()) {
        Dialect.of(handle).insert(handle, fresh, allowed);
      }
      return verdicts;
      """),

  /** An event counts as processed before anybody processed it. */
  DONE_BEFORE_EFFECT(
      "it records success before the effect",
      "AttemptRunner",
      "Outcome outcome = handle(event, log);",
      """
      store.end(
          List.of(
              end(
                  event,
                  Next.SUCCEED,
                  attempt(event, Outcome.ignored("-"), AttemptOutcome.SUCCESS, startedAt, log),
                  log)));
      Outcome outcome = handle(event, log);
      """),

  /** An event is worked on by whoever finds it, leased or not. */
  NO_LEASE(
      "it claims what another has leased",
      "PostgresDialect",
      "(id, claim_no + 1) NOT IN (SELECT held.id, held.claim_no",
      "(id, claim_no + 2) NOT IN (SELECT held.id, held.claim_no"),

  /** Whoever sends a key first has it, genuine or not. */
  FORGERY_TAKES_KEY(
      "a forged request takes the key of the genuine one",
      "MercadoPagoSource",
      "String key = \"quarantine:\" + quarantineIds.get();",
      "String key = DeliveryKey.of(delivery, notification.type(), notification.resourceId());");

  private final String description;
  private final String type;
  private final String right;
  private final String wrong;

  Sabotage(String description, String type, String right, String wrong) {
    this.description = description;
    this.type = type;
    this.right = right;
    this.wrong = wrong;
  }

  String description() {
    return description;
  }

  /** How much of the harm that it does the oracle has seen. */
  int harm(Oracle.Verdict verdict) {
    return switch (this) {
      case ANSWER_BEFORE_COMMIT -> verdict.lost().size();
      case CHECK_THEN_INSERT -> verdict.doubled().size();
      case DONE_BEFORE_EFFECT -> verdict.wrong().size();
      case NO_LEASE -> verdict.unexplained().size();
      case FORGERY_TAKES_KEY -> verdict.stuck().size();
    };
  }

  /** Compiles the broken class; answers the folder that must stand first on the class path. */
  Path compile() {
    return BrokenSource.compile(name(), List.of(new BrokenSource(type, right, wrong)));
  }
}
