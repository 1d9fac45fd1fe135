package dev.acuse.audit;

import dev.acuse.text.Text;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, and why; the only door to {@code operator_actions}. Thread-safe. Every method
 * throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class AuditTrail {
  /** In place of an account: the installation, or several accounts. */
  public static final long NO_ACCOUNT = 0;

  private static final int MAX_ACTOR = 64;
  private static final int MAX_TARGET = 1024;
  private static final int MAX_REASON = 512;

  private final ActionDao actions;
  private final InstantSource clock;

  /**
   * @param jdbi with {@code AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public AuditTrail(Jdbi jdbi, InstantSource clock) {
    this.actions = jdbi.onDemand(ActionDao.class);
    this.clock = clock;
  }

  /** Writes down what was done to the installation, or to one thing of no one account. */
  public long record(OperatorRequest by, @Nullable Long eventId, String target) {
    return record(by, eventId, target, NO_ACCOUNT);
  }

  /**
   * Writes down what was done to one event, or to one thing that has none.
   *
   * @param accountId whose it is; {@value #NO_ACCOUNT} for one account's no more than another's
   */
  public long record(OperatorRequest by, @Nullable Long eventId, String target, long accountId) {
    return insertDone(actions, by, eventId, target, accountId, clock.instant());
  }

  /** {@link #begin(OperatorRequest, String, long, long)} to things of several accounts. */
  public long begin(OperatorRequest by, String target, long matched) {
    return begin(by, target, matched, NO_ACCOUNT);
  }

  /**
   * Writes down what begins to be done to many; {@link #progress} and {@link #finish} follow.
   *
   * @param accountId whose they are; {@value #NO_ACCOUNT} if they may be several accounts'
   */
  public long begin(OperatorRequest by, String target, long matched, long accountId) {
    return insert(
        actions, by, new Meant(null, target, matched, 0, accountId), null, clock.instant());
  }

  /** How many events were changed so far. */
  public void progress(long id, long changed) {
    actions.update(id, changed, null);
  }

  /** Everything is done that will be. */
  public void finish(long id, long changed) {
    actions.update(id, changed, clock.instant());
  }

  /** One action. */
  public Optional<OperatorAction> find(long id) {
    return actions.find(id);
  }

  /**
   * All actions, newest first.
   *
   * @param before only those before the one with this id; null for the newest
   */
  public List<OperatorAction> page(@Nullable Long before, int limit) {
    return actions.page(before == null ? Long.MAX_VALUE : before, limit);
  }

  /**
   * A word that is another one after an action was written down, went on or ended; cheap at any
   * size, because it looks at the newest ten alone.
   */
  public String version() {
    ActionDao.Version version = actions.version();
    return version.actions() + "." + version.progress();
  }

  /** What was done to one event alone, in order. */
  public List<OperatorAction> ofEvent(long eventId) {
    return actions.ofEvent(eventId);
  }

  /**
   * In the transaction of what is done, so that neither is there without the other.
   *
   * @param accountId whose it is; {@value #NO_ACCOUNT} for one account's no more than another's
   */
  public static long insertDone(
      Handle handle,
      OperatorRequest by,
      @Nullable Long eventId,
      String target,
      long accountId,
      Instant now) {
    return insertDone(handle.attach(ActionDao.class), by, eventId, target, accountId, now);
  }

  private static long insertDone(
      ActionDao actions,
      OperatorRequest by,
      @Nullable Long eventId,
      String target,
      long accountId,
      Instant now) {
    return insert(actions, by, new Meant(eventId, target, 1, 1, accountId), now, now);
  }

  private record Meant(
      @Nullable Long eventId, String target, long matched, long changed, long accountId) {}

  private static long insert(
      ActionDao actions,
      OperatorRequest by,
      Meant meant,
      @Nullable Instant finishedAt,
      Instant now) {
    String reason = by.reason();
    return actions.insert(
        new OperatorAction(
            0,
            now,
            Text.cut(by.actor(), MAX_ACTOR),
            by.action(),
            meant.eventId(),
            Text.cut(meant.target(), MAX_TARGET),
            meant.matched(),
            meant.changed(),
            reason == null || reason.isBlank() ? null : Text.cut(reason.strip(), MAX_REASON),
            finishedAt),
        meant.accountId());
  }
}
