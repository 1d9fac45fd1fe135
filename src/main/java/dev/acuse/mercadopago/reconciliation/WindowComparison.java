package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.LookUps.LookUp;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Tally;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.Progress;
import dev.acuse.payment.PaymentDrift;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.PaymentSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what MercadoPago has against what we have, and turns each difference into an event for the
 * ordinary handler. Compares states, not existence. Thread-safe; may be repeated.
 */
public final class WindowComparison {
  /** As many as are settled in one go; the next run finds further ones. */
  private static final int MOST_MISJUDGED = 1_000;

  private final EventReader events;
  private final PaymentReader payments;
  private final LookUps lookUps;

  /** Compares with these payments; a tag that an open event will put on is no difference. */
  public WindowComparison(EventReader events, PaymentReader payments, LookUps lookUps) {
    this.events = events;
    this.payments = payments;
    this.lookUps = lookUps;
  }

  /**
   * Compares a part of an account's window; when this returns, its events are on disk.
   *
   * @param dryRun only counts
   */
  Progress compare(Account account, PaymentWalk.Slice slice, boolean dryRun) {
    // A subscription's test of a card is no sale, and its handler would not keep it either.
    List<PaymentSnapshot> remote =
        slice.payments().stream()
            .filter(payment -> !payment.isCardValidation())
            .map(MercadoPagoPayment::snapshot)
            .filter(payment -> Payee.isPaid(account, payment.collectorId()))
            .toList();
    List<Finding> findings = findings(account.id(), remote);
    int queued = dryRun ? 0 : lookUps.queue(account.id(), lookUps(findings, slice));
    Tally tally = tally(remote.size(), findings, queued);
    return new Progress(
        slice.reached(), newest(slice.payments()), tally, dryRun ? List.of() : findings);
  }

  /**
   * Has an account's payments looked up that are flagged though they fit beside others, whenever
   * they changed: a version before judged each alone.
   */
  void queueMisjudged(long accountId) {
    lookUps.queue(
        accountId,
        payments.misjudged(Scope.of(accountId), MOST_MISJUDGED).stream()
            .map(
                payment ->
                    new LookUp(
                        Topic.PAYMENT.code(),
                        payment.mpPaymentId(),
                        "judged:" + payment.updatedAt().toEpochMilli()))
            .toList());
  }

  /** Marks findings that are right here by now. */
  void markHealed(ReconciliationStore store) {
    store.markHealed(payments);
  }

  private List<Finding> findings(long accountId, List<PaymentSnapshot> remote) {
    Map<String, PaymentDrift> standings = payments.standings(Scope.of(accountId), remote);
    List<Finding> found = new ArrayList<>();
    List<String> untagged = new ArrayList<>();
    for (PaymentSnapshot snapshot : remote) {
      PaymentDrift standing = Objects.requireNonNull(standings.get(snapshot.mpPaymentId()));
      if (standing != PaymentDrift.CURRENT) {
        found.add(
            new Finding(
                snapshot.mpPaymentId(), snapshot.status(), snapshot.mpUpdatedAt(), standing));
      }
      if (standing == PaymentDrift.UNTAGGED) {
        untagged.add(snapshot.mpPaymentId());
      }
    }
    // A tag that an open event will put on is not missing, nor what is about to be looked up.
    Set<String> failed = payments.withFailedTags(Scope.of(accountId), untagged);
    Set<String> open =
        events.openResources(Scope.of(accountId), Topic.SOURCE, Topic.PAYMENT.code(), untagged);
    found.removeIf(
        finding ->
            finding.standing() == PaymentDrift.UNTAGGED
                && (open.contains(finding.mpPaymentId())
                    || !failed.contains(finding.mpPaymentId())));
    return found;
  }

  /**
   * A payment that is behind has its order looked up as well: orders are listed by when they were
   * made, and so a change of an old one is in no window.
   */
  private static List<LookUp> lookUps(List<Finding> findings, PaymentWalk.Slice slice) {
    Map<String, String> orders = new HashMap<>();
    for (MercadoPagoPayment payment : slice.payments()) {
      if (payment.orderId() != null) {
        orders.put(payment.snapshot().mpPaymentId(), payment.orderId());
      }
    }
    List<LookUp> all = new ArrayList<>();
    for (Finding finding : findings) {
      LookUp ofPayment = lookUp(finding);
      all.add(ofPayment);
      String order = orders.get(finding.mpPaymentId());
      if (order != null && finding.standing() != PaymentDrift.UNTAGGED) {
        all.add(new LookUp(Topic.ORDER.code(), order, ofPayment.why()));
      }
    }
    return all;
  }

  /**
   * The same state found again is the same event: so a tag that failed is tried once more by the
   * finding, and not by each run that finds it again. That a tag is missing is a finding of its
   * own, though the payment may have been looked up in the same state before.
   */
  private static LookUp lookUp(Finding finding) {
    Instant date = finding.mpUpdatedAt();
    return new LookUp(
        Topic.PAYMENT.code(),
        finding.mpPaymentId(),
        "reconcile:%s:%s%s"
            .formatted(
                date == null ? "undated" : date.toEpochMilli(),
                finding.mpStatus(),
                finding.standing() == PaymentDrift.UNTAGGED ? ":untagged" : ""));
  }

  private static Tally tally(int remote, List<Finding> findings, int queued) {
    Map<PaymentDrift, Long> counts = new EnumMap<>(PaymentDrift.class);
    findings.forEach(finding -> counts.merge(finding.standing(), 1L, Long::sum));
    long missing = counts.getOrDefault(PaymentDrift.MISSING, 0L);
    return new Tally(
        remote,
        remote - missing,
        missing,
        counts.getOrDefault(PaymentDrift.STALE, 0L),
        counts.getOrDefault(PaymentDrift.UNTAGGED, 0L),
        queued);
  }

  private static @Nullable Instant newest(List<MercadoPagoPayment> payments) {
    return payments.stream()
        .map(payment -> payment.snapshot().mpUpdatedAt())
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }
}
