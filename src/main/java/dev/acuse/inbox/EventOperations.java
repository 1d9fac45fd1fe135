package dev.acuse.inbox;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.QueryLimit;
import dev.acuse.event.EffectKey;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EffectChange.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to the inbox: retry, purge, pause. It writes each deed to the audit and tells
 * the dispatcher what became due. Like {@link EventStore} it owns its transactions; large changes
 * go in small batches, so that they hold no lock for long. Thread-safe. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class EventOperations {
  private static final int BATCH = 500;

  /** Of twice as many, webhooks that arrived meanwhile felt the commit. */
  private static final int PURGE_BATCH = 250;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AttemptsAllowed allowed;
  private final DueSignal due;
  private final PurgePace purgePace;
  private final AuditTrail audit;
  private final EventFollower follower;
  private final KnownAccounts known;
  private final PauseSwitch pauses;

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed
   * @param clock the database's time
   * @param allowed how often a retried event may be tried
   * @param due told of what is due after a commit
   * @param purgePace how a purge goes on, and when it ends early
   * @param known which accounts there are
   */
  public EventOperations(
      Jdbi jdbi,
      InstantSource clock,
      AttemptsAllowed allowed,
      DueSignal due,
      PurgePace purgePace,
      KnownAccounts known) {
    this(jdbi, clock, allowed, due, purgePace, EventFollower.NONE, known);
  }

  private EventOperations(
      Jdbi jdbi,
      InstantSource clock,
      AttemptsAllowed allowed,
      DueSignal due,
      PurgePace purgePace,
      EventFollower follower,
      KnownAccounts known) {
    this.follower = follower;
    this.known = known;
    this.jdbi = jdbi;
    this.clock = clock;
    this.allowed = allowed;
    this.due = due;
    this.purgePace = purgePace;
    this.audit = new AuditTrail(jdbi, clock);
    this.pauses = new PauseSwitch(jdbi, clock, due);
  }

  /** The same, whose changes of events that work effects off are followed. */
  public EventOperations followedBy(EventFollower effects) {
    return new EventOperations(jdbi, clock, allowed, due, purgePace, effects, known);
  }

  /**
   * How a change of one event went: a retry, an end as ignored, or a release.
   *
   * @param done whether the event was changed; it was not if its status did not allow that
   * @param event the event as it is afterwards; null if there is none with that id
   */
  public record Change(boolean done, @Nullable WebhookEvent event) {}

  /**
   * Makes an event due at once, with all its attempts before it: one that has ended begins again,
   * one that is pending waits no longer. One that is processing or quarantined stays as it is. The
   * audit keeps which operator asked for it and why.
   */
  public Change retry(Scope scope, long id, OperatorRequest by) {
    return told(
        change(scope, id, by, (handle, now) -> retry(handle, scope, List.of(id), null, now) == 1));
  }

  /** The same of any event. */
  public Change retry(long id, OperatorRequest by) {
    return retry(Scope.everything(), id, by);
  }

  /**
   * Ends an event that is pending or has failed as {@code ignored}: it needs no more attention. Any
   * other stays as it is.
   */
  public Change ignore(Scope scope, long id, OperatorRequest by) {
    return change(scope, id, by, (handle, now) -> ignore(handle, scope, id, now));
  }

  private boolean ignore(Handle handle, Scope scope, long id, Instant now) {
    boolean ignored = new OperatorDao(handle, scope).ignore(id, now) == 1;
    if (ignored) {
      EventReader.find(handle, id)
          .filter(event -> event.effectId() != null)
          .flatMap(event -> EffectKey.of(event.webhookId()))
          .ifPresent(
              key ->
                  follower.follow(
                      handle, List.of(new EffectChange(key, id, Kind.GIVEN_UP, null)), now));
    }
    return ignored;
  }

  /**
   * Stores what a quarantined event should have been under its genuine key, due at once, and ends
   * the quarantined one as {@code ignored}. If that key is there already, the genuine event is left
   * as it is. An event that is not quarantined stays as it is.
   *
   * @param genuine the same request, taken for what it says it is
   */
  public Change release(Scope scope, long id, NewEvent genuine, OperatorRequest by) {
    return told(
        change(
            scope,
            id,
            by,
            (handle, now) ->
                new OperatorDao(handle, scope)
                    .release(id, "released as " + genuine.webhookId(), now, genuine, allowed)));
  }

  private Change told(Change change) {
    if (change.done()) {
      due.due();
    }
    return change;
  }

  private interface Transition {
    boolean make(Handle handle, Instant now);
  }

  private Change change(Scope scope, long id, OperatorRequest by, Transition transition) {
    return jdbi.inTransaction(
        handle -> {
          Instant now = clock.instant();
          boolean done = transition.make(handle, now);
          WebhookEvent event = EventReader.find(handle, scope, id).orElse(null);
          if (done && event != null) {
            AuditTrail.insertDone(handle, event.accountId(), by, id, event.webhookId(), now);
          }
          return new Change(done, event);
        });
  }

  /** How many events match; for people, so within the {@link QueryLimit}. */
  public long count(Scope scope, EventFilter filter) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(
                handle, () -> new EventSelection(handle, filter, scope, known).count()));
  }

  /** The same of all accounts' events. */
  public long count(EventFilter filter) {
    return count(Scope.everything(), filter);
  }

  /**
   * Plans to make every event due at once that matches when the plan runs; each at most once,
   * however soon it ends again.
   *
   * @param filter must name a status that {@link EventStatus#FINISHED} holds, or the plan does not
   *     run
   * @param target the filter in the words of the audit
   */
  public RetryPlan planRetry(Scope scope, EventFilter filter, OperatorRequest by, String target) {
    return plan(
        scope, by, target, count(scope, filter), progress -> retryAll(scope, filter, progress));
  }

  /** The same of all accounts' events. */
  public RetryPlan planRetry(EventFilter filter, OperatorRequest by, String target) {
    return planRetry(Scope.everything(), filter, by, target);
  }

  /** Plans to make these events due at once, but for those that are processing or quarantined. */
  public RetryPlan planRetry(Scope scope, List<Long> ids, OperatorRequest by) {
    String target = "ids=" + ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    return plan(scope, by, target, ids.size(), progress -> retryAll(scope, ids, progress));
  }

  private RetryPlan plan(
      Scope scope,
      OperatorRequest by,
      String target,
      long matched,
      ToLongFunction<LongConsumer> retry) {
    return new RetryPlan(
        audit,
        audit.begin(AuditTrail.accountOf(scope, known.ids()), by, target, matched),
        matched,
        progress ->
            retry.applyAsLong(
                soFar -> {
                  progress.accept(soFar);
                  due.due();
                }));
  }

  private long retryAll(Scope scope, List<Long> ids, LongConsumer progress) {
    long retried = retry(scope, ids, null);
    progress.accept(retried);
    return retried;
  }

  private long retryAll(Scope scope, EventFilter filter, LongConsumer progress) {
    if (filter.status() == null || !filter.status().isFinished()) {
      throw new IllegalArgumentException("only finished events are retried by filter");
    }
    long last =
        jdbi.withHandle(handle -> new EventSelection(handle, filter, scope, known).lastId());
    long retried = 0;
    long after = 0;
    while (true) {
      long from = after;
      List<Long> ids =
          jdbi.withHandle(
              handle -> new EventSelection(handle, filter, scope, known).ids(from, last, BATCH));
      if (ids.isEmpty()) {
        return retried;
      }
      retried += retry(scope, ids, filter.status());
      after = ids.get(ids.size() - 1);
      progress.accept(retried);
    }
  }

  private long retry(Scope scope, List<Long> ids, @Nullable EventStatus only) {
    return jdbi.inTransaction(handle -> retry(handle, scope, ids, only, clock.instant()));
  }

  private int retry(
      Handle handle, Scope scope, List<Long> ids, @Nullable EventStatus only, Instant now) {
    var dao = new OperatorDao(handle, scope);
    int retried = dao.retry(ids, only, allowed, now);
    List<EffectChange> effects =
        retried == 0 ? List.of() : dao.effectsAmong(ids, EventStatus.PENDING);
    if (!effects.isEmpty()) {
      follower.follow(handle, effects, now);
    }
    return retried;
  }

  /** How many of these events are in each status; statuses with none are left out. */
  public Map<EventStatus, Long> statusesOf(Scope scope, List<Long> ids) {
    return jdbi.withHandle(handle -> new OperatorDao(handle, scope).statusesOf(ids));
  }

  /** {@link #purge(Duration, Set)}, in the audit from its begin to its end. */
  public long purge(Duration age, Set<EventStatus> statuses, OperatorRequest by, String target) {
    long action = audit.begin(by, target, 0);
    long purged = purge(age, statuses);
    audit.finish(action, purged);
    return purged;
  }

  /**
   * Deletes events that ended long ago, with their attempts; rests between batches, and ends early
   * where its {@link PurgePace} says so. It goes through the table in the order of arrival, up to
   * where a whole batch is younger than that: no index knows when an event ended, but it ends after
   * it came in. What lies beyond, for the clock was set back or the spool was drained late, is
   * deleted by a later purge.
   *
   * <p>Events that have carried effects out stay: {@link #purgeEffects} deletes those.
   *
   * @param age how long ago, at least
   * @param statuses of {@link EventStatus#FINISHED}
   * @return how many events that were
   * @throws IllegalArgumentException for any other status
   */
  public long purge(Duration age, Set<EventStatus> statuses) {
    Instant now = clock.instant();
    Instant cutOff = now.minus(age);
    List<String> codes = codes(statuses);
    return purge(cutOff, codes, (dao, after) -> dao.scan(cutOff, now, codes, after, PURGE_BATCH));
  }

  /**
   * The same of events that worked effects off: what was done stays in the effect's own row.
   *
   * @throws IllegalArgumentException for a status that {@link EventStatus#FINISHED} lacks
   */
  public long purgeEffects(Duration age, Set<EventStatus> statuses) {
    Instant now = clock.instant();
    Instant cutOff = now.minus(age);
    List<String> codes = codes(statuses);
    long purged = 0;
    for (long account : known.ids()) {
      for (EventStatus status : statuses) {
        purged +=
            purge(
                cutOff,
                codes,
                (dao, after) -> dao.scanEffects(account, cutOff, now, status, after, PURGE_BATCH));
      }
    }
    return purged;
  }

  private static List<String> codes(Set<EventStatus> statuses) {
    if (!EventStatus.FINISHED.containsAll(statuses)) {
      throw new IllegalArgumentException("only finished events are purged");
    }
    return statuses.stream().map(EventStatus::code).toList();
  }

  /** The next rows that a purge looks at, above an id. */
  @FunctionalInterface
  private interface Scan {
    List<OperatorDao.PurgeCandidate> after(OperatorDao dao, long id);
  }

  private long purge(Instant cutOff, List<String> codes, Scan scan) {
    long purged = 0;
    long after = 0;
    while (true) {
      long start = System.nanoTime();
      long from = after;
      List<OperatorDao.PurgeCandidate> batch =
          jdbi.withHandle(handle -> scan.after(new OperatorDao(handle), from));
      if (batch.stream().noneMatch(old -> old.cameBefore() || old.endedBefore())) {
        return purged;
      }
      List<Long> ids =
          batch.stream()
              .filter(OperatorDao.PurgeCandidate::endedBefore)
              .map(OperatorDao.PurgeCandidate::id)
              .toList();
      if (!ids.isEmpty()) {
        purged += jdbi.inTransaction(handle -> purge(handle, ids, cutOff, codes));
      }
      after = batch.get(batch.size() - 1).id();
      if (batch.size() < PURGE_BATCH || !purgePace.rest(System.nanoTime() - start)) {
        return purged;
      }
    }
  }

  private int purge(Handle handle, List<Long> ids, Instant cutOff, List<String> codes) {
    List<OperatorDao.Deleted> deleted = new OperatorDao(handle).purge(ids, cutOff, codes);
    List<EffectChange> effects = new ArrayList<>();
    for (OperatorDao.Deleted event : deleted) {
      EffectKey key = event.effect();
      if (key != null) {
        effects.add(new EffectChange(key, event.id(), Kind.PURGED, null));
      }
    }
    if (!effects.isEmpty()) {
      follower.follow(handle, effects, clock.instant());
    }
    return deleted.size();
  }

  /** What stops the work-off and lets it go on. */
  public PauseSwitch pauses() {
    return pauses;
  }

  /** As {@link PauseSwitch#pause} does. */
  public boolean pause(String by) {
    return pauses.pause(by);
  }

  /** As {@link PauseSwitch#resume} does. */
  public boolean resume(String by) {
    return pauses.resume(by);
  }

  /** Has the dispatcher look at once for what is due, and not at its next poll. */
  public void processDue() {
    due.due();
  }

  /** Since when the inbox is paused; empty if it is not. */
  public Optional<Pause> paused() {
    return pauses.paused();
  }
}
