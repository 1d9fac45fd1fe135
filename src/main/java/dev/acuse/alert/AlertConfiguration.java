package dev.acuse.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.text.Secret;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is told to people, and where: the {@code alerts} section. Never prints its address. */
public final class AlertConfiguration {
  @Pattern(regexp = "(https?://[^\\s#@]+)?", message = "must be an http or https URL")
  @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
  private @Nullable String webhookUrl;

  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @JsonProperty
  private Duration every = Duration.seconds(15);

  @NotNull
  @MinDuration(value = 0, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration outage = Duration.minutes(5);

  @Min(2)
  @Max(100_000)
  @JsonProperty
  private int silenceGaps = 20;

  @NotNull
  @MinDuration(value = 0, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration silence = Duration.minutes(15);

  @Min(1)
  @JsonProperty
  private int quarantined = 20;

  /** A Slack-compatible incoming webhook, which is a secret; none if nothing is to be told. */
  public Secret webhookUrl() {
    return Secret.of(webhookUrl);
  }

  /** How often to look. */
  public java.time.Duration every() {
    return every.toJavaDuration();
  }

  /** How long a system may be out before it is told. */
  public java.time.Duration outage() {
    return outage.toJavaDuration();
  }

  /** So many usual gaps between webhooks are a silence. */
  public int silenceGaps() {
    return silenceGaps;
  }

  /** A shorter time is no silence, however small the usual gap. */
  public java.time.Duration silence() {
    return silence.toJavaDuration();
  }

  /** So many quarantined webhooks in an hour are told. */
  public int quarantined() {
    return quarantined;
  }
}
