package dev.acuse.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.text.Secret;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The admin port: the {@code adminPort} section of {@code config.yml}. */
public final class AdminConfiguration {

  @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
  private @Nullable String token;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration backlogAlarm = Duration.minutes(5);

  @Min(8)
  @Max(10_000)
  @JsonProperty
  private int connections = 64;

  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
  @JsonProperty
  private Duration bodyTimeout = Duration.seconds(5);

  /** The bearer token that tasks ask for. */
  public Secret token() {
    return Secret.of(token);
  }

  /** How long a due event may wait before the inbox counts as unhealthy. */
  public java.time.Duration backlogAlarm() {
    return backlogAlarm.toJavaDuration();
  }

  /** How many connections the port may have at once. */
  public int connections() {
    return connections;
  }

  /** How long a request's body may take to arrive. */
  public java.time.Duration bodyTimeout() {
    return bodyTimeout.toJavaDuration();
  }
}
