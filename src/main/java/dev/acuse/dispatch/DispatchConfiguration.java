package dev.acuse.dispatch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.inbox.AttemptsAllowed;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How the inbox is worked off: the {@code dispatch} section of {@code config.yml}. */
public final class DispatchConfiguration {
  private static final int ONE_FOR_IDLE_IN = 8;
  private static final int FEWEST_FOR_IDLE = 2;
  private static final int MOST_FOR_IDLE = 16;
  private static final String DELAY = "\\d+\\s*[a-z]+";

  @Min(1)
  @Max(1024)
  @JsonProperty
  private int workers = 8;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration lease = Duration.seconds(60);

  @NotNull @JsonProperty private String retryDelays = "1m,5m,15m";

  @Min(0)
  @Max(100)
  @JsonProperty
  private int maxAttempts;

  @NotNull @JsonProperty private Duration outagePatience = Duration.hours(72);

  @NotNull
  @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
  @JsonProperty
  private Duration pollInterval = Duration.seconds(1);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration attemptTimeout = Duration.minutes(2);

  @NotNull
  @MinDuration(value = 0, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration shutdownGracePeriod = Duration.seconds(20);

  @Min(1)
  @Max(1000)
  @JsonProperty
  private int breakerFailures = 5;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  @JsonProperty
  private Duration probeEvery = Duration.seconds(10);

  /** How many attempts run at once in this process. */
  public int workers() {
    return workers;
  }

  /**
   * How many workers take only from lanes in which nothing runs, beside the others: so slow lanes
   * don't fill the house.
   */
  public int workersForIdleLanes() {
    return Math.min(MOST_FOR_IDLE, Math.max(FEWEST_FOR_IDLE, workers / ONE_FOR_IDLE_IN));
  }

  /** How many attempts run at once at most, those of idle lanes included. */
  public int attemptsAtOnce() {
    return workers + workersForIdleLanes();
  }

  /** How long a claim lasts unless it is renewed. */
  public java.time.Duration lease() {
    return lease.toJavaDuration();
  }

  /** The waits between attempts, in order; at least one. */
  public List<java.time.Duration> retryDelays() {
    return Arrays.stream(retryDelays.split(",", -1))
        .map(delay -> Duration.parse(delay.strip()).toJavaDuration())
        .toList();
  }

  /** How often an event may be tried; by default once more than there are delays. */
  public int maxAttempts() {
    return maxAttempts == 0 ? retryDelays().size() + 1 : maxAttempts;
  }

  /** The same for each kind of event. */
  public AttemptsAllowed allowed() {
    return AttemptsAllowed.always(maxAttempts());
  }

  /** How long after its first outage an event's attempts stay uncounted. */
  public java.time.Duration outagePatience() {
    return outagePatience.toJavaDuration();
  }

  /** How often to look for due events when nothing wakes the dispatcher. */
  public java.time.Duration pollInterval() {
    return pollInterval.toJavaDuration();
  }

  /** How long an attempt may take before it is interrupted and its lease given up. */
  public java.time.Duration attemptTimeout() {
    return attemptTimeout.toJavaDuration();
  }

  /** How long a shutdown waits for attempts that are running. */
  public java.time.Duration shutdownGracePeriod() {
    return shutdownGracePeriod.toJavaDuration();
  }

  /** So many failures among the last ten calls open a downstream's breaker. */
  public int breakerFailures() {
    return breakerFailures;
  }

  /** How often an open breaker lets one event try. */
  public java.time.Duration probeEvery() {
    return probeEvery.toJavaDuration();
  }

  @JsonIgnore
  @ValidationMethod(
      message =
          "retryDelays (ACUSE_RETRY_DELAYS) must be durations with commas between them, for example"
              + " 1m,5m,15m")
  public boolean isRetryDelaysReadable() {
    if (!Arrays.stream(retryDelays.split(",", -1)).allMatch(d -> d.strip().matches(DELAY))) {
      return false;
    }
    try {
      return !retryDelays().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
