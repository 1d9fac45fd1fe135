package dev.acuse.console;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.RetryPlan;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Retries many events, selected or matching. Thread-safe. */
final class BulkRetry {
  private final EventOperations operations;
  private final BulkJobs jobs;

  BulkRetry(EventOperations operations, BulkJobs jobs) {
    this.operations = operations;
    this.jobs = jobs;
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

  Preview preview(Scope scope, List<Long> ids) {
    return Preview.of(operations.statusesOf(scope, ids), EventStatus::mayBeRetried);
  }

  /**
   * Of all that match only what has ended is retried, and if the filter names no status only what
   * failed: nobody means to repeat all successes.
   */
  Preview preview(Scope scope, EventFilter filter) {
    var statuses = new EnumMap<EventStatus, Long>(EventStatus.class);
    EventStatus only = filter.status();
    for (EventStatus status : only == null ? EventStatus.KNOWN : List.of(only)) {
      long count = operations.count(scope, filter.withStatus(status));
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
  long begin(String once, OperatorRequest by, Scope scope, List<Long> ids) {
    return begin(by.actor() + ":" + once, () -> operations.planRetry(scope, ids, by));
  }

  /**
   * Retries what matches, and answers the id of the action in the audit.
   *
   * @param query the filter as it stands in an address
   */
  long begin(String once, OperatorRequest by, Scope scope, EventFilter filter, String query) {
    String target = query.isEmpty() ? "status=failed" : query;
    return begin(
        by.actor() + ":" + once, () -> operations.planRetry(scope, effective(filter), by, target));
  }

  private long begin(String once, Supplier<RetryPlan> planned) {
    return jobs.begin(
        once,
        () -> {
          RetryPlan plan = planned.get();
          return new BulkJobs.Job(plan.action(), plan::run);
        });
  }
}
