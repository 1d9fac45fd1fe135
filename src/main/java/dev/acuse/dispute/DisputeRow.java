package dev.acuse.dispute;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code disputes} with its payments, as it stands under its lock.
 *
 * @param verdict what the case itself said at the last look that could read it
 * @param problemSince since when there is a problem; null if there is none
 * @param soughtAt when a case was last looked for by the payment
 * @param payments how each payment was last seen to stand in it; null where it said nothing
 */
record DisputeRow(
    long id,
    long accountId,
    DisputeKind kind,
    String caseKey,
    @Nullable String mpId,
    DisputeState state,
    @Nullable DisputeState verdict,
    CaseDetails details,
    @Nullable Instant deadlineSeenAt,
    @Nullable String problem,
    @Nullable Instant problemSince,
    @Nullable Instant soughtAt,
    @Nullable Instant nextLookAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant closedAt,
    Map<String, @Nullable Standing> payments) {

  DisputeRow {
    // A copy that may hold null.
    payments = Collections.unmodifiableMap(new LinkedHashMap<>(payments));
  }

  /** Under which one case is one row. */
  static String caseKey(String mpId) {
    return "case:" + mpId;
  }

  /** Under which a payment without a case is one row. */
  static String paymentKey(String mpPaymentId) {
    return "payment:" + mpPaymentId;
  }

  DisputeRow withPayments(Map<String, @Nullable Standing> its) {
    return new DisputeRow(
        id,
        accountId,
        kind,
        caseKey,
        mpId,
        state,
        verdict,
        details,
        deadlineSeenAt,
        problem,
        problemSince,
        soughtAt,
        nextLookAt,
        createdAt,
        updatedAt,
        closedAt,
        its);
  }

  /** The same, as one of a case that is known by now. */
  DisputeRow ofCase(String its) {
    return new DisputeRow(
        id,
        accountId,
        kind,
        caseKey(its),
        its,
        state,
        verdict,
        details,
        deadlineSeenAt,
        problem,
        problemSince,
        soughtAt,
        nextLookAt,
        createdAt,
        updatedAt,
        closedAt,
        payments);
  }

  /** The same after a look at its case. */
  DisputeRow looked(CaseFacts facts, Instant now) {
    boolean isNewer = facts.details() != null && !facts.isOlderThan(details);
    CaseDetails known =
        isNewer ? Objects.requireNonNull(facts.details()).withMoneyOf(details) : details;
    for (PaymentSeen payment : facts.payments()) {
      known = known.withMoneyOf(payment);
    }
    return problem(facts.problem(), now)
        .judged(known, isNewer ? facts.verdict() : verdict, soughtAt, seen(facts.payments()), now);
  }

  /** The same after its case was looked for in vain. */
  DisputeRow sought(@Nullable String why, Instant now) {
    return problem(why, now).judged(details, verdict, now, payments, now);
  }

  /** The same after one of its payments was looked up. */
  DisputeRow followed(PaymentSeen payment, Instant now) {
    return judged(details.withMoneyOf(payment), verdict, soughtAt, seen(List.of(payment)), now);
  }

  /** The same, given up. */
  DisputeRow givenUp(Instant now) {
    return ended(givenUpAs(), now);
  }

  private DisputeState givenUpAs() {
    return kind == DisputeKind.FRAUD_ALERT ? DisputeState.CLOSED : DisputeState.UNKNOWN;
  }

  private Map<String, @Nullable Standing> seen(List<PaymentSeen> some) {
    Map<String, @Nullable Standing> all = new LinkedHashMap<>(payments);
    for (PaymentSeen payment : some) {
      String id = payment.mpPaymentId();
      all.put(id, payment.standing(kind, all.get(id)));
    }
    return all;
  }

  private DisputeRow problem(@Nullable String now, Instant time) {
    Instant since = problemSince == null ? time : problemSince;
    return new DisputeRow(
        id,
        accountId,
        kind,
        caseKey,
        mpId,
        state,
        verdict,
        details,
        deadlineSeenAt,
        now,
        now == null ? null : since,
        soughtAt,
        nextLookAt,
        createdAt,
        updatedAt,
        closedAt,
        payments);
  }

  private DisputeRow judged(
      CaseDetails known,
      @Nullable DisputeState says,
      @Nullable Instant sought,
      Map<String, @Nullable Standing> seen,
      Instant now) {
    Instant unread = unreadSince();
    DisputeState judged = Judgement.of(kind, says, unread == null, seen.values());
    // What was given up stays so.
    boolean staysEnded =
        closedAt != null && !judged.isOver() && LookSchedule.isOver(kind, createdAt, unread, now);
    boolean isOver = judged.isOver() || staysEnded;
    boolean sameDeadline = Objects.equals(known.deadline(), details.deadline());
    Instant learnt = sameDeadline ? deadlineSeenAt : now;
    return new DisputeRow(
        id,
        accountId,
        kind,
        caseKey,
        mpId,
        staysEnded ? givenUpAs() : judged,
        says,
        known,
        known.deadline() == null ? null : learnt,
        problem,
        problemSince,
        sought,
        isOver ? null : LookSchedule.next(kind, createdAt, unread, known.deadline(), now),
        createdAt,
        now,
        isOver ? endedAt(now) : null,
        seen);
  }

  private DisputeRow ended(DisputeState as, Instant now) {
    return new DisputeRow(
        id,
        accountId,
        kind,
        caseKey,
        mpId,
        as,
        verdict,
        details,
        deadlineSeenAt,
        problem,
        problemSince,
        soughtAt,
        null,
        createdAt,
        now,
        endedAt(now),
        payments);
  }

  private Instant endedAt(Instant now) {
    return closedAt == null ? now : closedAt;
  }

  /** Since when its case is not known; null if it is. A fraud alert has none. */
  @Nullable Instant unreadSince() {
    if (problem != null) {
      return problemSince;
    }
    return mpId == null ? createdAt : null;
  }

  /** As it is shown. */
  Dispute dispute() {
    return new Dispute(
        id,
        accountId,
        kind,
        mpId,
        state,
        details,
        deadlineSeenAt,
        problem,
        nextLookAt,
        createdAt,
        updatedAt,
        closedAt,
        List.copyOf(payments.keySet()));
  }
}
