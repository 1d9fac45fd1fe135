package dev.acuse.mercadopago.reconciliation;

import dev.acuse.event.Scope;
import dev.acuse.mercadopago.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * How far reconciliation has come and what it found. Each method is told whose accounts are seen.
 * Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is out of
 * reach.
 */
public final class ReconciliationReader {
  /**
   * How far reconciliation has come.
   *
   * @param watermark the latest {@code date_last_updated} of a window that is through
   * @param doneAt when the last scheduled window was through, by our clock; null if none was
   */
  public record State(Instant watermark, @Nullable Instant doneAt) {}

  /**
   * What the last scheduled comparison came to.
   *
   * @param stillMissing payments that it found missing and that are not here yet
   */
  public record Latest(ReconciliationRun run, long stillMissing) {}

  private static final String SOURCE = Topic.SOURCE;

  private final ReconciliationDao dao;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   */
  public ReconciliationReader(Jdbi jdbi) {
    this.dao = jdbi.onDemand(ReconciliationDao.class);
  }

  /**
   * How far reconciliation has come: with several accounts, that of which the last comparison is
   * the oldest. Empty if it has never begun.
   */
  public Optional<State> state(Scope scope) {
    Seen seen = Seen.by(scope);
    return dao.oldestState(SOURCE, seen.and("account_id"), seen.accounts());
  }

  /** The last scheduled comparison that is through; empty if none ever was. */
  public Optional<Latest> latest(Scope scope) {
    return dao.latest(SOURCE, Seen.by(scope));
  }

  /** The windows that were set aside and are not made up for, the first one first. */
  public List<ReconciliationRun> gaps(Scope scope) {
    Seen seen = Seen.by(scope);
    return dao.gaps(SOURCE, seen.and("r.account_id"), seen.accounts());
  }

  /** A word that is another one after a run began or ended, or a finding was healed. */
  public String version(Scope scope) {
    Seen seen = Seen.by(scope);
    ReconciliationDao.Version version =
        dao.version(seen.and("account_id"), seen.where("account_id"), seen.accounts());
    return "%d.%d.%d.%d"
        .formatted(version.latest(), version.waiting(), version.running(), version.unhealed());
  }

  /** How many payments were found wrong and are not right yet. */
  public long unhealed(Scope scope) {
    Seen seen = Seen.by(scope);
    return dao.findings().unhealed(seen.and("account_id"), seen.accounts());
  }

  /** How many payments scheduled runs found missing or stale after a time, by our clock. */
  public long foundSince(Scope scope, Instant time) {
    Seen seen = Seen.by(scope);
    return dao.findings().foundSince(time, seen.and("f.account_id"), seen.accounts());
  }

  /** The same of each account by itself, in a few statements however many accounts there are. */
  public ComparedAccounts byAccount() {
    return new ComparedAccounts(
        dao.states(SOURCE),
        dao.findings().unhealedByAccount(),
        dao.gaps(SOURCE, "", List.of()).stream()
            .collect(Collectors.groupingBy(ReconciliationRun::accountId)),
        dao.findings().lastFound());
  }

  /**
   * Runs, newest first.
   *
   * @param before only runs that were added before the one with this id; null for the newest
   */
  public List<ReconciliationRun> page(Scope scope, @Nullable Long before, int limit) {
    Seen seen = Seen.by(scope);
    return dao.page(
        before == null ? Long.MAX_VALUE : before, limit, seen.and("r.account_id"), seen.accounts());
  }

  /** The run with this id. */
  public Optional<ReconciliationRun> find(Scope scope, long id) {
    Seen seen = Seen.by(scope);
    return dao.find(id, seen.and("r.account_id"), seen.accounts());
  }
}
