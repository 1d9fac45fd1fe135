package dev.acuse.admin;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotNull;

/** How long what has ended is kept: the {@code retention} section of {@code config.yml}. */
public final class RetentionConfiguration {
  @NotNull @JsonProperty private Duration age = Duration.seconds(0);

  @NotNull @JsonProperty private Duration effects = Duration.days(7);

  @JsonIgnore
  @ValidationMethod(message = "effects (ACUSE_RETENTION_EFFECTS) must be 0s or at least 1h")
  boolean isLongEnoughForEffects() {
    return effects.toNanoseconds() == 0 || effects.compareTo(Duration.hours(1)) >= 0;
  }

  /**
   * How long the events that have carried effects out are kept; zero keeps them for ever. What was
   * done stays in the effects themselves.
   */
  public java.time.Duration effects() {
    return effects.toJavaDuration();
  }

  @JsonIgnore
  @ValidationMethod(
      message =
          "age (ACUSE_RETENTION) must be 0s or at least 5d: MercadoPago repeats for days, and would"
              + " bring the event again")
  boolean isLongEnough() {
    return isOff() || age.compareTo(PurgeTask.YOUNGEST) >= 0;
  }

  /** Whether everything is kept for ever. */
  @JsonIgnore
  public boolean isOff() {
    return age.toNanoseconds() == 0;
  }

  /** How long. */
  public java.time.Duration age() {
    return age.toJavaDuration();
  }
}
