package dev.acuse.audit;

import dev.acuse.database.AccountCondition;
import dev.acuse.event.Scope;
import dev.acuse.text.Text;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, and why; the only door to {@code operator_actions}. Thread-safe. Every method
 * throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class AuditTrail {
  private static final int MAX_ACTOR = 64;
  private static final int MAX_TARGET = 1024;
  private static final int MAX_REASON = 512;

  /** What is about no single account. */
  public static final long INSTALLATION = 0;

  private final Jdbi jdbi;
  private final ActionDao actions;
  private final InstantSource clock;

  /**
   * @param jdbi with {@code AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public AuditTrail(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.actions = jdbi.onDemand(ActionDao.class);
    this.clock = clock;
  }

  /**
   * Who reads the trail.
   *
   * @param scope whose actions are seen; everything takes those of the installation as well
   * @param actor besides, what this caller itself has done to several accounts at once
   */
  public record Reader(Scope scope, String actor) {
    /** Sees everything. */
    public static final Reader EVERYTHING = new Reader(Scope.everything(), "");

    private String condition() {
      return scope.isEverything()
          ? "1 = 1"
          : "(%s OR (account_id = %d AND actor = :reader))"
              .formatted(AccountCondition.of("account_id", scope.accountIds()), INSTALLATION);
    }

    private Query bind(Query query) {
      return scope.isEverything() ? query : query.bind("reader", Text.cut(actor, MAX_ACTOR));
    }
  }

  /**
   * The account that an action on many is about.
   *
   * @param scope whose things it changes
   * @param known all accounts that there are
   * @return 0 if that is more than one
   */
  public static long accountOf(Scope scope, Set<Long> known) {
    Set<Long> accounts = scope.among(known);
    return accounts.size() == 1 ? accounts.iterator().next() : INSTALLATION;
  }

  /** Writes down what was done to the installation, or to several accounts. */
  public long record(OperatorRequest by, @Nullable Long eventId, String target) {
    return record(INSTALLATION, by, eventId, target);
  }

  /** Writes down what was done to one event of an account, or to one thing that has none. */
  public long record(long accountId, OperatorRequest by, @Nullable Long eventId, String target) {
    return insertDone(actions, accountId, by, eventId, target, clock.instant());
  }

  /** Writes down what begins to be done to many; {@link #progress} and {@link #finish} follow. */
  public long begin(OperatorRequest by, String target, long matched) {
    return begin(INSTALLATION, by, target, matched);
  }

  /** The same of an account; 0 for several. */
  public long begin(long accountId, OperatorRequest by, String target, long matched) {
    return insert(
        actions, accountId, by, new Meant(null, target, matched, 0), null, clock.instant());
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
  public Optional<OperatorAction> find(Reader reader, long id) {
    return query(reader, "id = :id", "id", query -> query.bind("id", id)).stream().findFirst();
  }

  /** The same for a caller of everything. */
  public Optional<OperatorAction> find(long id) {
    return find(Reader.EVERYTHING, id);
  }

  /**
   * All actions, newest first.
   *
   * @param before only those before the one with this id; null for the newest
   */
  public List<OperatorAction> page(Reader reader, @Nullable Long before, int limit) {
    return query(
        reader,
        "id < :before",
        "id DESC LIMIT :limit",
        query ->
            query.bind("before", before == null ? Long.MAX_VALUE : before).bind("limit", limit));
  }

  /** The same for a caller of everything. */
  public List<OperatorAction> page(@Nullable Long before, int limit) {
    return page(Reader.EVERYTHING, before, limit);
  }

  /**
   * A word that is another one after an action was written down, went on or ended; cheap at any
   * size, because it looks at the newest ten alone.
   */
  public String version(Reader reader) {
    if (reader.scope().isEverything()) {
      ActionDao.Version version = actions.version();
      return version.actions() + "." + version.progress();
    }
    List<OperatorAction> latest = page(reader, null, 10);
    long progress =
        latest.stream()
            .mapToLong(action -> action.changed() + (action.finishedAt() == null ? 0 : 1))
            .sum();
    return (latest.isEmpty() ? 0 : latest.get(0).id()) + "." + progress;
  }

  /** The same for a caller of everything. */
  public String version() {
    return version(Reader.EVERYTHING);
  }

  /** What was done to one event alone, in order. */
  public List<OperatorAction> ofEvent(Reader reader, long eventId) {
    return query(
        reader, "event_id = :eventId", "id LIMIT 200", query -> query.bind("eventId", eventId));
  }

  /** The same for a caller of everything. */
  public List<OperatorAction> ofEvent(long eventId) {
    return ofEvent(Reader.EVERYTHING, eventId);
  }

  private List<OperatorAction> query(
      Reader reader, String which, String order, UnaryOperator<Query> values) {
    return jdbi.withHandle(
        handle ->
            reader
                .bind(
                    values.apply(
                        handle.createQuery(
                            ActionDao.SELECT
                                + "WHERE "
                                + which
                                + " AND "
                                + reader.condition()
                                + " ORDER BY "
                                + order)))
                .map(ConstructorMapper.of(OperatorAction.class))
                .list());
  }

  /** Whether the trail has a caller of this name, of which actions on several accounts are seen. */
  public static boolean hasActed(Handle handle, String actor) {
    return handle.attach(ActionDao.class).hasActed(Text.cut(actor, MAX_ACTOR), INSTALLATION);
  }

  /** In the transaction of what is done, so that neither is there without the other. */
  public static long insertDone(
      Handle handle,
      long accountId,
      OperatorRequest by,
      @Nullable Long eventId,
      String target,
      Instant now) {
    return insertDone(handle.attach(ActionDao.class), accountId, by, eventId, target, now);
  }

  private static long insertDone(
      ActionDao actions,
      long accountId,
      OperatorRequest by,
      @Nullable Long eventId,
      String target,
      Instant now) {
    return insert(actions, accountId, by, new Meant(eventId, target, 1, 1), now, now);
  }

  private record Meant(@Nullable Long eventId, String target, long matched, long changed) {}

  private static long insert(
      ActionDao actions,
      long accountId,
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
            finishedAt,
            accountId));
  }
}
