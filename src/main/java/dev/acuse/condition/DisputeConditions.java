package dev.acuse.condition;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.dispute.CaseProblem;
import dev.acuse.dispute.Dispute;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.event.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That a dispute is open, and again that its deadline is near: 48 hours before it and 24. Of an
 * account with very many only the latest are told of one by one, so that a new one is told of
 * beside them. Thread-safe.
 */
public final class DisputeConditions implements PassingConditions {
  /** So many of one account are told of one by one. */
  static final int MOST = 50;

  private static final Duration FIRST_REMINDER = Duration.ofDays(2);
  private static final Duration LAST_REMINDER = Duration.ofHours(24);

  private final DisputeReader disputes;
  private final Accounts accounts;
  private final InstantSource clock;

  /**
   * @param accounts whose names stand in the texts, where there are several
   * @param clock the database's time
   */
  public DisputeConditions(DisputeReader disputes, Accounts accounts, InstantSource clock) {
    this.disputes = disputes;
    this.accounts = accounts;
    this.clock = clock;
  }

  @Override
  public Set<Kind> kinds() {
    return Set.of(Kind.DISPUTE, Kind.DISPUTE_DEADLINE, Kind.DISPUTES_MANY, Kind.FRAUD_ALERT);
  }

  @Override
  public List<Condition> now() {
    Instant now = clock.instant();
    Scope all = Scope.everything();
    List<Condition> wrong = new ArrayList<>();
    for (Dispute dispute : disputes.open(all, MOST)) {
      if (!dispute.isTooOld(now)) {
        wrong.add(
            condition(
                kind(dispute), dispute.accountId(), String.valueOf(dispute.id()), begin(dispute)));
      }
    }
    for (Dispute dispute : disputes.openWithDeadline(all, now, now.plus(FIRST_REMINDER), MOST)) {
      addReminders(dispute, now, wrong);
    }
    for (Map.Entry<Long, Long> count : disputes.countOpen(all).entrySet()) {
      if (count.getValue() > MOST) {
        // By the day, so that what lasts is told of again.
        String day = String.valueOf(now.truncatedTo(ChronoUnit.DAYS)).substring(0, 10);
        wrong.add(condition(Kind.DISPUTES_MANY, count.getKey(), day, many(count.getValue())));
      }
    }
    return wrong;
  }

  private static Kind kind(Dispute dispute) {
    return dispute.kind() == DisputeKind.FRAUD_ALERT ? Kind.FRAUD_ALERT : Kind.DISPUTE;
  }

  /** Of what was learnt with a deadline as near as that, the beginning tells. */
  private void addReminders(Dispute dispute, Instant now, List<Condition> wrong) {
    Instant deadline = dispute.details().deadline();
    Instant seen = dispute.deadlineSeenAt();
    if (deadline == null || seen == null) {
      return;
    }
    boolean isToldWithIt = !seen.isAfter(dispute.createdAt());
    Instant first = deadline.minus(FIRST_REMINDER);
    Instant last = deadline.minus(LAST_REMINDER);
    // One that was learnt late is told of by the last reminder that is still to come or is due.
    if (!now.isBefore(first) && seen.isBefore(isToldWithIt ? first : last)) {
      wrong.add(reminder(dispute, deadline, FIRST_REMINDER));
    }
    if (!now.isBefore(last) && (!isToldWithIt || seen.isBefore(last))) {
      wrong.add(reminder(dispute, deadline, LAST_REMINDER));
    }
  }

  private Condition reminder(Dispute dispute, Instant deadline, Duration before) {
    return condition(
        Kind.DISPUTE_DEADLINE,
        dispute.accountId(),
        "%d:%d:%d".formatted(dispute.id(), before.toHours(), deadline.getEpochSecond()),
        "less than %d hours are left to answer %s: until %s"
            .formatted(before.toHours(), what(dispute), deadline));
  }

  private Condition condition(Kind kind, long account, String subject, String words) {
    AccountSet all = accounts.current();
    Problem problem = Problem.of(subject, words);
    String name = all.byId(account).map(Account::name).orElse(null);
    Problem about = all.isMainAlone() || name == null ? problem : problem.about(name);
    return new Condition(kind, account, subject, inbox -> about);
  }

  private static String begin(Dispute dispute) {
    if (dispute.kind() == DisputeKind.FRAUD_ALERT) {
      return "MercadoPago warns of fraud: deliver nothing for %s, and give it back%s"
          .formatted(
              payments(dispute),
              CaseProblem.UNPROVEN.equals(dispute.problem())
                  ? " (no signature covers this payment: check it in MercadoPago)"
                  : "");
    }
    Instant deadline = dispute.details().deadline();
    return "%s is open%s%s"
        .formatted(
            what(dispute),
            deadline == null ? "" : ": it is to be answered until " + deadline,
            unread(dispute));
  }

  private static String unread(Dispute dispute) {
    String problem = dispute.problem();
    if (problem == null) {
      return "";
    }
    return CaseProblem.FORBIDDEN.equals(problem)
        ? ". MercadoPago does not let this application read the case: look at it in MercadoPago"
        : ". The case could not be read (%s): look at it in MercadoPago".formatted(problem);
  }

  private static String what(Dispute dispute) {
    String kind = dispute.kind() == DisputeKind.CHARGEBACK ? "a chargeback" : "a claim";
    return "%s%s against %s".formatted(kind, named(dispute.mpId()), payments(dispute));
  }

  private static String named(@Nullable String mpId) {
    return mpId == null ? "" : " (" + mpId + ")";
  }

  private static String payments(Dispute dispute) {
    List<String> ids = dispute.mpPaymentIds();
    String payments =
        switch (ids.size()) {
          case 0 -> "a payment";
          case 1 -> "payment " + ids.get(0);
          default -> "payments " + String.join(", ", ids.subList(0, Math.min(5, ids.size())));
        };
    return dispute.details().amount() == null
        ? payments
        : "%s of %s %s"
            .formatted(
                payments,
                dispute.details().amount().stripTrailingZeros().toPlainString(),
                dispute.details().currency() == null ? "" : dispute.details().currency())
            .strip();
  }

  private static String many(long open) {
    return "%d disputes are open. The latest %d are told of one by one; look at the others in the list of disputes"
        .formatted(open, MOST);
  }
}
