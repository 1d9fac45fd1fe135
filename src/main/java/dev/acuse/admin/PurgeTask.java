package dev.acuse.admin;

import dev.acuse.event.EventStatus;
import dev.acuse.http.Parameter;
import dev.acuse.inbox.EventOperations;
import io.dropwizard.util.Duration;
import java.util.Set;

/** {@code purge}: deletes events that ended long ago, in small batches. */
final class PurgeTask extends OperatorTask {
  /**
   * MercadoPago repeats a delivery for some four days: a repeat of what was purged by then would be
   * taken for a new event.
   */
  static final Duration YOUNGEST = Duration.days(5);

  private final EventOperations operations;

  PurgeTask(EventOperations operations, TaskStatus status) {
    super("purge", status, "older-than", "include-failed");
    this.operations = operations;
  }

  @Override
  public String perform(Parameters parameters) {
    Duration age = age(parameters.get("older-than"));
    boolean failedToo = parameters.get("include-failed").flag();
    String asked =
        "events that ended more than " + age + " ago" + (failedToo ? ", failed too" : "");
    long purged =
        operations.purge(
            age.toJavaDuration(),
            failedToo ? EventStatus.FINISHED : Set.of(EventStatus.SUCCESS, EventStatus.IGNORED),
            request("purge"),
            asked);
    return "%d events that ended more than %s ago were deleted%s."
        .formatted(purged, age, failedToo ? "" : "; failed ones were kept");
  }

  private static Duration age(Parameter olderThan) {
    String value = olderThan.value();
    if (value == null) {
      throw olderThan.invalid("is missing: a duration such as 90d");
    }
    Duration age;
    try {
      age = Duration.parse(value);
    } catch (IllegalArgumentException e) {
      throw olderThan.invalid("must be a duration such as 90d");
    }
    if (age.compareTo(YOUNGEST) < 0) {
      throw olderThan.invalid(
          "must be at least %s: MercadoPago repeats for days, and would bring the event again"
              .formatted(YOUNGEST));
    }
    return age;
  }
}
