package dev.acuse.mercadopago.reconciliation;

import dev.acuse.event.Scope;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader.State;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Tally;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import dev.acuse.text.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what reconciliation does; owns its transactions. What is read for a caller is in
 * {@link ReconciliationReader}. The process that compares an account holds its lease; what it
 * writes goes by owner and claim number, as with events, so that a process that was given up for
 * dead changes nothing when it comes back. Thread-safe. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class ReconciliationStore {
  /** The right to compare an account, until another instance has a higher number. */
  record Lease(long accountId, String owner, long claimNo) {}

  /** Another instance has taken over. */
  static final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException() {
      super("another instance has taken reconciliation over");
    }
  }

  /**
   * What a part of a window came to.
   *
   * @param tally of this part only
   * @param newest the latest date met in it; null if none was
   */
  record Progress(Instant reached, @Nullable Instant newest, Tally tally, List<Finding> findings) {}

  private static final String SOURCE = Topic.SOURCE;

  private static final int MAX_ERROR = 2048;

  /** Large, because H2 sorts all the rest for each page of open findings. */
  private static final int OPEN_PAGE = 10_000;

  /** Small, because H2 compares each row that it finds with each id of an array. */
  private static final int HEAL_BATCH = 1_000;

  private final ReconciliationDao dao;
  private final InstantSource clock;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public ReconciliationStore(Jdbi jdbi, InstantSource clock) {
    this.dao = jdbi.onDemand(ReconciliationDao.class);
    this.clock = clock;
  }

  /**
   * How far reconciliation of an account has come; begins now if it never has.
   *
   * @param lookback where the first window begins, before now
   */
  State state(long accountId, Duration lookback) {
    Instant first = now().minus(lookback);
    return dao.inTransaction(
        same -> {
          same.insertState(accountId, SOURCE, first);
          return same.state(accountId, SOURCE).orElseThrow();
        });
  }

  /**
   * Takes the lease of an account; empty while another holds it. Needs {@link #state(long,
   * Duration)} before.
   */
  Optional<Lease> takeLease(long accountId, String owner, Duration lease) {
    Instant now = now();
    return dao.inTransaction(
        same ->
            same.takeLease(accountId, SOURCE, owner, now, now.plus(lease))
                ? Optional.of(new Lease(accountId, owner, same.claimNo(accountId, SOURCE)))
                : Optional.empty());
  }

  /** Gives the lease back, if it is still held. */
  void release(Lease lease) {
    dao.release(lease.accountId(), SOURCE, lease.owner(), lease.claimNo());
  }

  /** Writes down a window of an account that is to be compared. */
  ReconciliationRun add(
      long accountId,
      ReconciliationRun.Cause cause,
      ReconciliationWindow window,
      boolean dryRun,
      @Nullable String requestedBy) {
    return dao.inTransaction(
        same -> {
          long id =
              same.insertRun(
                  accountId,
                  SOURCE,
                  cause.code(),
                  window.from().truncatedTo(ChronoUnit.MILLIS),
                  window.to().truncatedTo(ChronoUnit.MILLIS),
                  dryRun,
                  requestedBy,
                  now());
          return same.find(accountId, id).orElseThrow();
        });
  }

  /**
   * The window of an account that has waited for longest, or whose process died; empty if there is
   * none.
   */
  Optional<ReconciliationRun> unfinished(long accountId) {
    return dao.unfinished(accountId, SOURCE);
  }

  /** waiting, or running with a dead process → running. */
  ReconciliationRun begin(Lease lease, Duration lasts, ReconciliationRun run) {
    return held(
        lease,
        lasts,
        same -> {
          same.begin(lease.accountId(), run.id(), lease.owner(), now());
          return same.find(lease.accountId(), run.id()).orElseThrow();
        });
  }

  /** Adds a part that is through; what it found is in the inbox already. */
  void progress(Lease lease, Duration lasts, long runId, Progress progress, Duration busy) {
    held(
        lease,
        lasts,
        same -> {
          same.progress(
              lease.accountId(),
              runId,
              progress.reached(),
              progress.newest(),
              progress.tally(),
              busy.toMillis(),
              now());
          same.findings().insert(lease.accountId(), runId, progress.findings(), now());
          return true;
        });
  }

  /** The same for merchant orders. */
  void ordersProgress(
      Lease lease, Duration lasts, long runId, OrderComparison.Result result, Duration busy) {
    held(
        lease,
        lasts,
        same -> {
          same.ordersProgress(
              lease.accountId(),
              runId,
              result.reached(),
              result.orders(),
              result.behind(),
              result.queued(),
              busy.toMillis(),
              now());
          return true;
        });
  }

  /** The same for orders of the Orders API. */
  void onlineProgress(
      Lease lease, Duration lasts, long runId, OnlineOrderComparison.Result result, Duration busy) {
    held(
        lease,
        lasts,
        same -> {
          same.onlineProgress(
              lease.accountId(),
              runId,
              result.reached(),
              result.orders(),
              result.behind(),
              result.queued(),
              busy.toMillis(),
              now());
          return true;
        });
  }

  /**
   * running → done; a scheduled window then moves the watermark, never back.
   *
   * @param note what could not be compared; null if all was
   */
  void finish(Lease lease, Duration lasts, long runId, @Nullable String note) {
    held(
        lease,
        lasts,
        same -> {
          same.end(
              lease.accountId(), runId, ReconciliationRun.Status.DONE.code(), cut(note), now());
          same.moveWatermark(lease.accountId(), SOURCE, runId, now());
          closeGaps(same, same.find(lease.accountId(), runId).orElseThrow());
          return true;
        });
  }

  /** A dry run has healed nothing, so it closes no gap. */
  private static void closeGaps(ReconciliationDao same, ReconciliationRun done) {
    long account = done.accountId();
    same.closeGap(account, done.id());
    if (!done.dryRun()) {
      same.closeGaps(account, SOURCE, done.from(), done.to());
      same.shortenGapsFromBelow(account, SOURCE, done.from(), done.to());
      same.shortenGapsFromAbove(account, SOURCE, done.from(), done.to());
    }
  }

  /**
   * running → waiting: to be taken up where it is.
   *
   * @param tries how often it was tried in vain
   */
  void suspend(Lease lease, Duration lasts, long runId, @Nullable String error, int tries) {
    held(
        lease,
        lasts,
        same -> {
          same.suspend(lease.accountId(), runId, cut(error), tries, now());
          return true;
        });
  }

  /**
   * running → waiting, because other accounts wait for a place.
   *
   * @param tries how often it was tried in vain
   */
  void giveWay(Lease lease, Duration lasts, long runId, int tries) {
    held(
        lease,
        lasts,
        same -> {
          same.giveWay(lease.accountId(), runId, tries, now());
          return true;
        });
  }

  /** running → set aside: the next windows go on, and what it did not compare is a gap. */
  void setAside(Lease lease, Duration lasts, long runId, String error) {
    held(
        lease,
        lasts,
        same -> {
          same.end(
              lease.accountId(), runId, ReconciliationRun.Status.FAILED.code(), cut(error), now());
          same.openGap(lease.accountId(), runId);
          return true;
        });
  }

  /**
   * set aside → waiting: the first of those that were left alone for so long.
   *
   * @param tries with which it begins
   * @return whether there was one
   */
  boolean takeUpSetAside(Lease lease, Duration lasts, Duration leftAlone, int tries) {
    return held(
        lease,
        lasts,
        same ->
            same.takeUpSetAside(lease.accountId(), SOURCE, now().minus(leftAlone), tries, now())
                == 1);
  }

  /** Where the last gap of an account ends that is left; empty if none is. */
  Optional<Instant> lastGapEnds(long accountId) {
    return Optional.ofNullable(dao.lastGapEnds(accountId, SOURCE));
  }

  /** running → failed. */
  void fail(Lease lease, Duration lasts, long runId, String error) {
    held(
        lease,
        lasts,
        same -> {
          same.end(
              lease.accountId(), runId, ReconciliationRun.Status.FAILED.code(), cut(error), now());
          return true;
        });
  }

  private interface Work<T> {
    T with(ReconciliationDao dao);
  }

  /** The lease's row is locked first: who took it over meanwhile has changed its number. */
  private <T> T held(Lease lease, Duration lasts, Work<T> work) {
    return dao.inTransaction(
        same -> {
          if (!same.renew(
              lease.accountId(), SOURCE, lease.owner(), lease.claimNo(), now().plus(lasts))) {
            throw new LeaseLostException();
          }
          return work.with(same);
        });
  }

  /**
   * Marks findings of all accounts whose payment and tags are right by now. Asks for the payments
   * in batches, so that a run that found a million is neither held in memory nor locked at once.
   *
   * @return how many they were
   */
  int markHealed(PaymentReader payments) {
    int healed = 0;
    List<FindingDao.Open> page = dao.findings().open(0, OPEN_PAGE);
    while (!page.isEmpty()) {
      for (int i = 0; i < page.size(); i += HEAL_BATCH) {
        healed += heal(page.subList(i, Math.min(i + HEAL_BATCH, page.size())), payments);
      }
      long last = page.get(page.size() - 1).id();
      page = page.size() < OPEN_PAGE ? List.of() : dao.findings().open(last, OPEN_PAGE);
    }
    return healed;
  }

  /**
   * The account's payments that are missing or older here though they were found, the latest found
   * first.
   *
   * @param after of these none that was found before
   * @param until nor later
   */
  List<FindingDao.LeftBehind> leftBehind(long accountId, Instant after, Instant until, int limit) {
    return dao.findings().leftBehind(accountId, after, until, limit);
  }

  private int heal(List<FindingDao.Open> findings, PaymentReader payments) {
    Map<Long, List<FindingDao.Open>> byAccount =
        findings.stream().collect(Collectors.groupingBy(FindingDao.Open::accountId));
    int healed = 0;
    for (Map.Entry<Long, List<FindingDao.Open>> its : byAccount.entrySet()) {
      List<Long> met = met(its.getKey(), its.getValue(), payments);
      healed += met.isEmpty() ? 0 : dao.findings().markHealed(its.getKey(), met, now());
    }
    return healed;
  }

  private static List<Long> met(
      long accountId, List<FindingDao.Open> findings, PaymentReader payments) {
    Map<String, Payment> ours =
        payments.withoutOpenTags(
            Scope.of(accountId), findings.stream().map(FindingDao.Open::mpPaymentId).toList());
    return findings.stream()
        .filter(finding -> finding.isMetBy(ours.get(finding.mpPaymentId())))
        .map(FindingDao.Open::id)
        .toList();
  }

  /**
   * Deletes runs that ended longer ago than that and whose findings are healed; never the last one
   * of an account.
   *
   * @return how many runs that were
   */
  public int purge(Duration age) {
    return dao.purge(now().minus(age));
  }

  /** The run of an account with this id. */
  Optional<ReconciliationRun> find(long accountId, long id) {
    return dao.find(accountId, id);
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null ? null : Text.cut(text, MAX_ERROR);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
