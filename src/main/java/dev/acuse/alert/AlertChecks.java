package dev.acuse.alert;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventDesk;
import dev.acuse.inbox.EventReader;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.reconciliation.ReconciliationConfiguration;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.payment.Payment;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.remote.Downstream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What may be wrong with an instance, in the words in which people are told. */
final class AlertChecks {
  private static final Duration AN_HOUR = Duration.ofHours(1);

  /** So late a reconciliation is not just slow. */
  private static final Duration OVERDUE = Duration.ofMinutes(10);

  private final EventReader events;
  private final EventDesk desk;
  private final PaymentReader payments;
  private final ReconciliationReader reconciliations;
  private final AlertConfiguration config;
  private final InstantSource clock;
  private final Instant startedAt;

  /**
   * @param clock the database's time
   */
  AlertChecks(
      EventReader events,
      EventDesk desk,
      PaymentReader payments,
      ReconciliationReader reconciliations,
      AlertConfiguration config,
      InstantSource clock) {
    this.events = events;
    this.desk = desk;
    this.payments = payments;
    this.reconciliations = reconciliations;
    this.config = config;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /**
   * All of them.
   *
   * @param rebuilt says that a broken database was made anew lately; null if it was not
   */
  List<AlertCheck> of(
      List<Downstream> downstreams,
      @Nullable Spool spool,
      BookKeeper books,
      ReconciliationConfiguration reconciliation,
      Supplier<@Nullable String> rebuilt) {
    String instance = books.instance();
    List<AlertCheck> checks = new ArrayList<>();
    checks.add(new AlertCheck("event-failed", "", this::failed));
    checks.add(new AlertCheck("payment-misfit", "", this::misfit));
    checks.add(new AlertCheck("quarantine-growing", "", this::quarantine));
    checks.add(new AlertCheck("unaccounted", instance, () -> unaccounted(books)));
    checks.add(new AlertCheck("database-rebuilt", instance, rebuilt));
    if (spool != null) {
      checks.add(new AlertCheck("spool-in-use", instance, () -> spool(spool)));
    }
    for (Downstream downstream : downstreams) {
      String subject = downstream.name() + "@" + instance;
      checks.add(new AlertCheck("token-refused", subject, () -> tokenRefused(downstream)));
      checks.add(new AlertCheck("downstream-out", subject, out(downstream)));
    }
    if (!reconciliation.isOnDemandOnly()) {
      checks.add(
          new AlertCheck("reconciliation-overdue", "", () -> overdue(reconciliation.every())));
      checks.add(new AlertCheck("silence", "", this::silence));
    }
    return checks;
  }

  private @Nullable String failed() {
    long failed = desk.count(EventFilter.ALL.withStatus(EventStatus.FAILED));
    if (failed == 0) {
      return null;
    }
    String latest =
        events
            .page(Scope.everything(), EventFilter.ALL.withStatus(EventStatus.FAILED), null, 1)
            .stream()
            .findFirst()
            .map(AlertChecks::reason)
            .orElse("");
    return "%d events have failed and wait for an operator%s".formatted(failed, latest);
  }

  private static String reason(WebhookEvent event) {
    return ". The latest is event %d (%s): %s"
        .formatted(event.id(), event.webhookId(), event.lastErrorKind());
  }

  private @Nullable String misfit() {
    long misfits = payments.countMisfits(Scope.everything());
    if (misfits == 0) {
      return null;
    }
    var unsettled = new PaymentFilter("approved", null, null, null, true);
    String latest =
        payments.payments(Scope.everything(), unsettled, null, 1).stream()
            .findFirst()
            .map(AlertChecks::reason)
            .orElse("");
    return "%d approved payments do not fit their checkout and tag nobody: accept them or pay them back%s"
        .formatted(misfits, latest);
  }

  private static String reason(Payment payment) {
    return ". The latest is payment %d (MercadoPago's %s): %s"
        .formatted(payment.id(), payment.mpPaymentId(), payment.flag());
  }

  private @Nullable String quarantine() {
    Instant since = clock.instant().minus(AN_HOUR);
    long fresh =
        desk.count(
            EventFilter.ALL.withStatus(EventStatus.QUARANTINED).receivedBetween(since, null));
    return fresh < config.quarantined()
        ? null
        : "%d webhooks were refused and quarantined within an hour: is MP_WEBHOOK_SECRET right?"
            .formatted(fresh);
  }

  private static @Nullable String unaccounted(BookKeeper books) {
    long missing = books.unaccounted().orElse(0);
    return missing == 0
        ? null
        : "%d acknowledged webhooks are not accounted for: see /api/ledger".formatted(missing);
  }

  private static @Nullable String spool(Spool spool) {
    long records = spool.state().records();
    return records == 0
        ? null
        : "the database is out or slow: webhooks wait in the spool and are stored later";
  }

  private static @Nullable String tokenRefused(Downstream downstream) {
    return downstream.isTokenRefused()
        ? downstream.name() + " refuses our token (401): events wait until it is mended"
        : null;
  }

  private Supplier<@Nullable String> out(Downstream downstream) {
    return new Supplier<>() {
      private @Nullable Instant since;

      @Override
      public @Nullable String get() {
        if (downstream.isUp()) {
          since = null;
          return null;
        }
        Instant now = clock.instant();
        Instant begun = since == null ? now : since;
        since = begun;
        return begun.plus(config.outage()).isAfter(now)
            ? null
            : "%s has been out since %s: events wait for it".formatted(downstream.name(), begun);
      }
    };
  }

  private @Nullable String overdue(Duration every) {
    Instant doneAt =
        reconciliations
            .state(Scope.everything())
            .map(ReconciliationReader.State::doneAt)
            .orElse(startedAt);
    Instant late = (doneAt == null ? startedAt : doneAt).plus(every.multipliedBy(3)).plus(OVERDUE);
    return late.isAfter(clock.instant())
        ? null
        : "no reconciliation with MercadoPago has come to its end since %s".formatted(doneAt);
  }

  private @Nullable String silence() {
    List<Instant> arrivals = events.latestDeliveries(Scope.everything());
    Instant last = arrivals.isEmpty() ? null : arrivals.get(0);
    long missed =
        reconciliations.foundSince(Scope.everything(), last == null ? Instant.EPOCH : last);
    if (missed == 0) {
      return null;
    }
    if (last == null) {
      return "MercadoPago is not reaching us: it has %d payments, and no webhook has ever arrived"
          .formatted(missed);
    }
    return last.plus(longestGap(arrivals)).isAfter(clock.instant())
        ? null
        : "MercadoPago is not reaching us: %d payments changed and no webhook has arrived since %s"
            .formatted(missed, last);
  }

  /** So many usual gaps, but not less than the configured time. */
  private Duration longestGap(List<Instant> arrivals) {
    if (arrivals.size() < 2) {
      return config.silence();
    }
    Duration usual =
        Duration.between(arrivals.get(arrivals.size() - 1), arrivals.get(0))
            .dividedBy(arrivals.size() - 1);
    Duration many = usual.multipliedBy(config.silenceGaps());
    return many.compareTo(config.silence()) > 0 ? many : config.silence();
  }
}
