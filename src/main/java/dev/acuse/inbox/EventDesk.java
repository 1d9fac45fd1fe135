package dev.acuse.inbox;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.AuditTrail.Deed;
import dev.acuse.database.QueryLimit;
import dev.acuse.database.SqlTypesPlugin;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to the inbox: retry, purge, pause. Like {@link EventStore} it owns its
 * transactions; large changes go in small batches, so that they hold no lock for long. Thread-safe.
 * Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class EventDesk {
  /** What has an end, and may begin again. */
  public static final Set<EventStatus> FINISHED =
      Set.of(EventStatus.SUCCESS, EventStatus.IGNORED, EventStatus.FAILED);

  private static final int BATCH = 500;

  /** Of twice as many, webhooks that arrived meanwhile felt the commit. */
  private static final int PURGE_BATCH = 250;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final int maxAttempts;
  private final PurgePace purgePace;

  /** A desk whose purges do not rest. */
  public EventDesk(Jdbi jdbi, InstantSource clock, int maxAttempts) {
    this(jdbi, clock, maxAttempts, PurgePace.restless());
  }

  /**
   * @param jdbi with {@link SqlTypesPlugin} installed
   * @param clock the database's time
   * @param maxAttempts how often a retried event may be tried, at least 1
   * @param purgePace how a purge goes on, and when it ends early
   */
  public EventDesk(Jdbi jdbi, InstantSource clock, int maxAttempts, PurgePace purgePace) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.maxAttempts = maxAttempts;
    this.purgePace = purgePace;
  }

  /**
   * How a retry of one event went.
   *
   * @param retried whether it is due now
   * @param event the event as it is afterwards; null if there is none with that id
   */
  public record Retry(boolean retried, @Nullable WebhookEvent event) {}

  /**
   * Makes an event due at once, with all its attempts before it: one that has ended begins again,
   * one that is pending waits no longer. One that is processing or quarantined stays as it is.
   */
  public Retry retry(long id) {
    return jdbi.inTransaction(
        handle -> {
          boolean retried =
              new OperatorDao(handle).retry(List.of(id), maxAttempts, clock.instant()) == 1;
          return new Retry(retried, EventReader.find(handle, id).orElse(null));
        });
  }

  /** {@link #retry(long)}, written down with who asked for it and why. */
  public Retry retry(long id, Deed deed) {
    return change(id, deed, (dao, now) -> dao.retry(List.of(id), maxAttempts, now) == 1);
  }

  /**
   * Ends an event that is pending or has failed as {@code ignored}: nobody need look at it any
   * more. Any other stays as it is.
   */
  public Retry ignore(long id, Deed deed) {
    return change(id, deed, (dao, now) -> dao.ignore(id, now) == 1);
  }

  /**
   * Stores what a quarantined event should have been under its genuine key, due at once, and ends
   * the quarantined one as {@code ignored}. If that key is there already, the genuine event is left
   * as it is. An event that is not quarantined stays as it is.
   *
   * @param genuine the same request, taken for what it says it is
   */
  public Retry release(long id, NewEvent genuine, Deed deed) {
    return change(
        id,
        deed,
        (dao, now) ->
            dao.release(id, "released as " + genuine.webhookId(), now, genuine, maxAttempts));
  }

  private interface Transition {
    boolean make(OperatorDao dao, Instant now);
  }

  private Retry change(long id, Deed deed, Transition transition) {
    return jdbi.inTransaction(
        handle -> {
          Instant now = clock.instant();
          boolean done = transition.make(new OperatorDao(handle), now);
          WebhookEvent event = EventReader.find(handle, id).orElse(null);
          if (done && event != null) {
            AuditTrail.insertDone(handle, deed, id, event.webhookId(), now);
          }
          return new Retry(done, event);
        });
  }

  /** How many events match; for people, so within the {@link QueryLimit}. */
  public long count(EventFilter filter) {
    return jdbi.withHandle(
        handle -> QueryLimit.within(handle, () -> new OperatorDao(handle).count(filter)));
  }

  /**
   * Makes every event due at once that matches now; each at most once, however soon it ends again.
   *
   * @param filter must name a status that {@link #FINISHED} holds
   * @return how many events that were
   * @throws IllegalArgumentException if the filter names another status or none
   */
  public long retryAll(EventFilter filter) {
    return retryAll(filter, retried -> {});
  }

  /**
   * {@link #retryAll(EventFilter)}, telling after each batch how many were retried so far.
   *
   * @param progress called by the same thread; what it throws ends the retry
   */
  public long retryAll(EventFilter filter, LongConsumer progress) {
    if (filter.status() == null || !FINISHED.contains(filter.status())) {
      throw new IllegalArgumentException("only finished events are retried by filter");
    }
    long last = jdbi.withHandle(handle -> new OperatorDao(handle).lastId(filter));
    long retried = 0;
    long after = 0;
    while (true) {
      long from = after;
      List<Long> ids =
          jdbi.withHandle(handle -> new OperatorDao(handle).ids(filter, from, last, BATCH));
      if (ids.isEmpty()) {
        return retried;
      }
      retried +=
          jdbi.inTransaction(
              handle -> new OperatorDao(handle).retry(ids, maxAttempts, clock.instant()));
      after = ids.get(ids.size() - 1);
      progress.accept(retried);
    }
  }

  /**
   * Makes these events due at once, but for those that are processing or quarantined.
   *
   * @return how many events that were
   */
  public long retry(List<Long> ids) {
    return jdbi.inTransaction(
        handle -> new OperatorDao(handle).retry(ids, maxAttempts, clock.instant()));
  }

  /** How many of these events are in each status; statuses with none are left out. */
  public Map<EventStatus, Long> statusesOf(List<Long> ids) {
    return jdbi.withHandle(handle -> new OperatorDao(handle).statusesOf(ids));
  }

  /**
   * Deletes events that ended long ago, with their attempts; rests between batches, and ends early
   * where its {@link PurgePace} says so. It goes through the table in the order of arrival, up to
   * where a whole batch is younger than that: no index knows when an event ended, but it ends after
   * it came in. What lies beyond, for the clock was set back or the spool was drained late, is
   * deleted by a later purge.
   *
   * @param age how long ago, at least
   * @param statuses of {@link #FINISHED}
   * @return how many events that were
   * @throws IllegalArgumentException for any other status
   */
  public long purge(Duration age, Set<EventStatus> statuses) {
    if (!FINISHED.containsAll(statuses)) {
      throw new IllegalArgumentException("only finished events are purged");
    }
    Instant now = clock.instant();
    Instant cutOff = now.minus(age);
    List<String> codes = new ArrayList<>();
    statuses.forEach(status -> codes.add(status.code()));
    long purged = 0;
    long after = 0;
    while (true) {
      long start = System.nanoTime();
      long from = after;
      List<OperatorDao.Old> batch =
          jdbi.withHandle(
              handle -> new OperatorDao(handle).inOrder(cutOff, now, codes, from, PURGE_BATCH));
      if (batch.stream().noneMatch(old -> old.cameBefore() || old.endedBefore())) {
        return purged;
      }
      List<Long> ids =
          batch.stream().filter(OperatorDao.Old::endedBefore).map(OperatorDao.Old::id).toList();
      if (!ids.isEmpty()) {
        purged +=
            jdbi.inTransaction(handle -> new OperatorDao(handle).purge(ids, cutOff, codes).size());
      }
      after = batch.get(batch.size() - 1).id();
      if (batch.size() < PURGE_BATCH || !purgePace.rest(System.nanoTime() - start)) {
        return purged;
      }
    }
  }

  /**
   * Stops the claims of all instances; what runs is finished, and webhooks are still stored.
   *
   * @return false if the inbox was paused already
   */
  public boolean pause(String by) {
    return jdbi.withHandle(handle -> new OperatorDao(handle).pause(by, clock.instant()));
  }

  /**
   * Lets the claims go on.
   *
   * @return false if the inbox was not paused
   */
  public boolean resume() {
    return jdbi.withHandle(handle -> new OperatorDao(handle).resume());
  }

  /** Since when the inbox is paused; empty if it is not. */
  public Optional<Pause> paused() {
    return jdbi.withHandle(handle -> new OperatorDao(handle).paused());
  }
}
