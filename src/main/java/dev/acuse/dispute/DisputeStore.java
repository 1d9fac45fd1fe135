package dev.acuse.dispute;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Writes disputes; owns their transactions. What is read for a caller is in {@link DisputeReader}.
 * Each call decides from what is stored, and may be repeated. Where only the payment of a dispute
 * is known, its row is the payment's, until a case that names the payment takes it over.
 * Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is out of
 * reach.
 */
public final class DisputeStore {
  /** A case is looked for by its payment no more often, however often the payment changes. */
  static final Duration SEEK_AGAIN = Duration.ofMinutes(30);

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   * @param clock the database's time
   */
  public DisputeStore(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * What becomes due, and by what it is looked up.
   *
   * @param mpId MercadoPago's id of the case; null if its payment is to be looked up
   * @param mpPaymentIds its payments
   * @param dueAt the same time makes the same look
   */
  public record Due(
      long id, DisputeKind kind, @Nullable String mpId, List<String> mpPaymentIds, Instant dueAt) {
    public Due {
      mpPaymentIds = List.copyOf(mpPaymentIds);
    }
  }

  /** Stores what a look at a case came to. What is older than what is stored changes no words. */
  public Dispute apply(long accountId, CaseFacts facts) {
    String key = DisputeRow.caseKey(facts.mpId());
    DisputeRow row =
        inTransaction(
            dao -> {
              Instant now = now();
              boolean isNew = dao.insert(accountId, facts.kind(), key, facts.mpId(), now);
              DisputeRow known = dao.lock(accountId, facts.kind(), key).orElseThrow();
              DisputeRow its = isNew ? takenOver(dao, known, facts) : known;
              DisputeRow looked = its.looked(facts, now);
              dao.update(looked);
              return looked;
            });
    // A row of the payment alone may have been stored meanwhile: the later commit sees both.
    inTransaction(
        dao -> absorb(dao, accountId, facts.kind(), List.copyOf(row.payments().keySet())));
    return row.dispute();
  }

  /**
   * The row of one of its payments becomes that of the case, so that it is told of once; the new
   * row has kept the case's key from others, and goes.
   */
  private static DisputeRow takenOver(DisputeDao dao, DisputeRow made, CaseFacts facts) {
    Optional<DisputeRow> ofPayment =
        naming(dao, made.accountId(), facts.kind(), ids(facts)).stream()
            .filter(row -> row.mpId() == null)
            .findFirst();
    ofPayment.ifPresent(row -> dao.delete(made));
    return ofPayment.map(row -> row.ofCase(facts.mpId())).orElse(made);
  }

  private static List<String> ids(CaseFacts facts) {
    return facts.payments().stream().map(PaymentSeen::mpPaymentId).toList();
  }

  private static List<DisputeRow> naming(
      DisputeDao dao, long accountId, DisputeKind kind, List<String> mpPaymentIds) {
    return mpPaymentIds.isEmpty()
        ? List.of()
        : dao.lockNaming(accountId, mpPaymentIds).stream()
            .filter(row -> row.kind() == kind)
            .toList();
  }

  /** A payment whose case is known needs no row of its own. */
  private static boolean absorb(
      DisputeDao dao, long accountId, DisputeKind kind, List<String> mpPaymentIds) {
    List<DisputeRow> rows = naming(dao, accountId, kind, mpPaymentIds);
    List<String> ofCases =
        rows.stream()
            .filter(row -> row.mpId() != null)
            .flatMap(row -> row.payments().keySet().stream())
            .toList();
    rows.stream()
        .filter(row -> row.mpId() == null && ofCases.containsAll(row.payments().keySet()))
        .forEach(dao::delete);
    return true;
  }

  /** Whether a dispute names a payment. */
  public boolean isNamed(long accountId, String mpPaymentId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT dispute_id FROM dispute_payments
                    WHERE account_id = :accountId AND mp_payment_id = :payment LIMIT 1
                    """)
                .bind("accountId", accountId)
                .bind("payment", mpPaymentId)
                .mapTo(Long.class)
                .findOne()
                .isPresent());
  }

  /**
   * Brings the disputes of a payment up to date, after it was looked up. One whose status says that
   * it is disputed, and that no case names, gets a row.
   *
   * @return whether its case is to be looked for
   */
  public boolean follow(long accountId, PaymentSeen payment) {
    DisputeKind kind = payment.disputedBy();
    boolean isMissing =
        inTransaction(
            dao -> {
              Instant now = now();
              List<DisputeRow> rows = dao.lockNaming(accountId, List.of(payment.mpPaymentId()));
              rows.forEach(row -> follow(dao, row, payment, now));
              return kind != null && rows.stream().noneMatch(row -> row.kind() == kind);
            });
    if (kind == null) {
      return false;
    }
    if (isMissing) {
      add(accountId, kind, payment);
    }
    return kind == DisputeKind.CHARGEBACK
        && inTransaction(dao -> isToBeSought(dao, accountId, payment.mpPaymentId()));
  }

  private static void follow(DisputeDao dao, DisputeRow row, PaymentSeen payment, Instant now) {
    DisputeRow followed = row.followed(payment, now);
    // What stays as it is keeps its times, or each look at the payment would put off the next.
    if (followed.state() != row.state()
        || !followed.payments().equals(row.payments())
        || !followed.details().equals(row.details())) {
      dao.update(followed);
    }
  }

  private void add(long accountId, DisputeKind kind, PaymentSeen payment) {
    String key = DisputeRow.paymentKey(payment.mpPaymentId());
    inTransaction(
        dao -> {
          Instant now = now();
          var unused = dao.insert(accountId, kind, key, null, now);
          dao.lock(accountId, kind, key).ifPresent(row -> dao.update(row.followed(payment, now)));
          return true;
        });
    // A case may have been stored meanwhile: the later commit sees both.
    inTransaction(dao -> absorb(dao, accountId, kind, List.of(payment.mpPaymentId())));
  }

  private boolean isToBeSought(DisputeDao dao, long accountId, String mpPaymentId) {
    Instant now = now();
    return dao.lock(accountId, DisputeKind.CHARGEBACK, DisputeRow.paymentKey(mpPaymentId))
        .filter(
            row ->
                row.closedAt() == null
                    && (row.soughtAt() == null || !row.soughtAt().plus(SEEK_AGAIN).isAfter(now)))
        .isPresent();
  }

  /**
   * The case of a payment was looked for, and not found. It is looked for again later, each time
   * less soon.
   *
   * @param problem why, a word of {@link CaseProblem}; null if MercadoPago has none
   */
  public void sought(long accountId, String mpPaymentId, @Nullable String problem) {
    inTransaction(
        dao -> {
          dao.lock(accountId, DisputeKind.CHARGEBACK, DisputeRow.paymentKey(mpPaymentId))
              .ifPresent(row -> dao.update(row.sought(problem, now())));
          return true;
        });
  }

  /** MercadoPago's ids of the payments of a case, as far as they are known. */
  public List<String> paymentsOf(long accountId, DisputeKind kind, String mpId) {
    return inTransaction(
        dao ->
            dao.lock(accountId, kind, DisputeRow.caseKey(mpId))
                .map(row -> List.copyOf(row.payments().keySet()))
                .orElse(List.of()));
  }

  /** Takes a dispute back that turns out to be another account's, or none. */
  public void forget(long accountId, DisputeKind kind, String mpId) {
    inTransaction(
        dao -> {
          dao.lock(accountId, kind, DisputeRow.caseKey(mpId)).ifPresent(dao::delete);
          return true;
        });
  }

  /**
   * What an account has to look at now, the one that has been due for longest first; what is too
   * old for another look is given up.
   */
  public List<Due> due(long accountId, int limit) {
    Instant now = now();
    List<DisputeRow> rows =
        jdbi.withHandle(handle -> new DisputeDao(handle).due(accountId, now, limit));
    return rows.stream()
        .filter(row -> !isGivenUp(row, now))
        .map(
            row ->
                new Due(
                    row.id(),
                    row.kind(),
                    row.kind() == DisputeKind.FRAUD_ALERT ? null : row.mpId(),
                    List.copyOf(row.payments().keySet()),
                    row.nextLookAt() == null ? now : row.nextLookAt()))
        .toList();
  }

  private boolean isGivenUp(DisputeRow row, Instant now) {
    if (!LookSchedule.isOver(row.kind(), row.createdAt(), row.unreadSince(), now)) {
      return false;
    }
    return inTransaction(
        dao -> {
          dao.lock(row.accountId(), row.id()).ifPresent(same -> dao.update(same.givenUp(now)));
          return true;
        });
  }

  /** A look has been asked for: the next one comes later, whatever becomes of this one. */
  public void askedFor(long accountId, Due due) {
    inTransaction(
        dao -> {
          Instant now = now();
          dao.lock(accountId, due.id())
              .ifPresent(
                  row ->
                      dao.lookAgain(
                          accountId,
                          row.id(),
                          due.dueAt(),
                          LookSchedule.next(
                              row.kind(),
                              row.createdAt(),
                              row.unreadSince(),
                              row.details().deadline(),
                              now)));
          return true;
        });
  }

  private <T> T inTransaction(Function<DisputeDao, T> work) {
    return jdbi.inTransaction(handle -> work.apply(new DisputeDao(handle)));
  }

  /** As exact as both engines keep it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
