package dev.acuse.admin;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotNull;

/** How long what has ended is kept: the {@code retention} section of {@code config.yml}. */
public final class RetentionConfiguration {
  @NotNull @JsonProperty private Duration age = Duration.seconds(0);

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
