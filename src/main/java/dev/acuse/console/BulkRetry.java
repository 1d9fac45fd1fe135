package dev.acuse.console;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.AuditTrail.Deed;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.inbox.EventDesk;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries many events, selected or matching, one such job after the other, and keeps in the audit
 * how far it has got. Thread-safe.
 */
final class BulkRetry {
  private static final Logger LOGGER = LoggerFactory.getLogger(BulkRetry.class);
  private static final int MOST_REMEMBERED = 1000;

  private final EventDesk desk;
  private final AuditTrail audit;
  private final Runnable wake;
  private final Executor executor;

  /** Jobs by the key of the form that began them: a form that is sent twice is one job. */
  private final Map<String, Long> begun =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * @param executor runs one job at a time
   */
  BulkRetry(EventDesk desk, AuditTrail audit, Runnable wake, Executor executor) {
    this.desk = desk;
    this.audit = audit;
    this.wake = wake;
    this.executor = executor;
  }

  /** What a retry would come to: how many match, by status, and how many of them can be retried. */
  record Preview(Map<String, Long> counts, long matched, long able) {
    static Preview of(Map<EventStatus, Long> statuses, Predicate<EventStatus> retryable) {
      Map<String, Long> counts = new LinkedHashMap<>();
      long matched = 0;
      long able = 0;
      for (var entry : statuses.entrySet()) {
        counts.put(entry.getKey().code(), entry.getValue());
        matched += entry.getValue();
        able += retryable.test(entry.getKey()) ? entry.getValue() : 0;
      }
      return new Preview(counts, matched, able);
    }
  }

  Preview preview(List<Long> ids) {
    return Preview.of(desk.statusesOf(ids), EventStatus::mayBeRetried);
  }

  /**
   * Of all that match only what has ended is retried, and if the filter names no status only what
   * failed: nobody means to repeat all successes.
   */
  Preview preview(EventFilter filter) {
    var statuses = new EnumMap<EventStatus, Long>(EventStatus.class);
    EventStatus only = filter.status();
    for (EventStatus status : only == null ? EventStatus.values() : new EventStatus[] {only}) {
      long count = desk.count(filter.withStatus(status));
      if (count > 0) {
        statuses.put(status, count);
      }
    }
    EventStatus meant = effective(filter).status();
    return Preview.of(statuses, status -> status == meant && status.isFinished());
  }

  private static EventFilter effective(EventFilter filter) {
    return filter.status() == null ? filter.withStatus(EventStatus.FAILED) : filter;
  }

  /** Retries these, and answers the id of the action in the audit. */
  synchronized long begin(String once, Deed deed, List<Long> ids) {
    Long before = begun.get(once);
    if (before != null) {
      return before;
    }
    String target =
        "ids=" + ids.stream().map(String::valueOf).reduce((a, b) -> a + "," + b).orElse("");
    long action = audit.begin(deed, target, ids.size());
    begun.put(once, action);
    executor.execute(() -> run(action, () -> desk.retry(ids)));
    return action;
  }

  /**
   * Retries what matches, and answers the id of the action in the audit.
   *
   * @param query the filter as it stands in an address
   */
  synchronized long begin(String once, Deed deed, EventFilter filter, String query) {
    Long before = begun.get(once);
    if (before != null) {
      return before;
    }
    EventFilter meant = effective(filter);
    long action = audit.begin(deed, query.isEmpty() ? "status=failed" : query, desk.count(meant));
    begun.put(once, action);
    executor.execute(
        () ->
            run(
                action,
                () ->
                    desk.retryAll(
                        meant,
                        retried -> {
                          audit.progress(action, retried);
                          wake.run();
                        })));
    return action;
  }

  private interface Job {
    long retry();
  }

  private void run(long action, Job job) {
    try {
      long retried = job.retry();
      wake.run();
      audit.finish(action, retried);
    } catch (RuntimeException e) {
      // What is retried is retried; the rest can be asked for again.
      LOGGER.error("the retry of many, action {}, broke off", action, e);
    }
  }
}
