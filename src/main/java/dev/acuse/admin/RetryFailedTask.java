package dev.acuse.admin;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.http.Parameter;
import dev.acuse.inbox.EventOperations;
import io.dropwizard.util.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code retry-failed}: makes failed events due at once: all, of one type, or of late. */
final class RetryFailedTask extends OperatorTask {
  private static final int MAX_TYPE = 64;
  private static final Pattern DURATION = Pattern.compile("[0-9]{1,6} ?[a-z]+");

  private final EventOperations operations;
  private final InstantSource clock;

  RetryFailedTask(EventOperations operations, InstantSource clock, TaskStatus status) {
    super("retry-failed", status, "type", "since", "dry-run");
    this.operations = operations;
    this.clock = clock;
  }

  @Override
  public String perform(Parameters parameters) {
    EventFilter filter =
        EventFilter.ALL
            .withStatus(EventStatus.FAILED)
            .withType(parameters.get("type").text(MAX_TYPE))
            .receivedBetween(since(parameters.get("since")), null);
    if (parameters.get("dry-run").flag()) {
      return operations.count(filter) + " failed events would be retried.";
    }
    String asked = "task retry-failed " + parameters.values();
    return operations.planRetry(filter, request("retry-many"), asked).run()
        + " failed events are due now.";
  }

  private @Nullable Instant since(Parameter since) {
    String value = since.value();
    if (value == null || !DURATION.matcher(value).matches()) {
      return since.instant();
    }
    try {
      return clock.instant().minus(Duration.parse(value).toJavaDuration());
    } catch (IllegalArgumentException e) {
      throw since.invalid("must be a time as in RFC 3339, or a duration such as 24h");
    }
  }
}
