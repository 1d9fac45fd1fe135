package dev.acuse.mercadopago.reconciliation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/** How MercadoPago is asked what it has: the {@code reconciliation} section. */
public final class ReconciliationConfiguration {
  @NotNull
  @MinDuration(value = 0, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 30, unit = TimeUnit.DAYS)
  @JsonProperty
  private Duration every = Duration.minutes(10);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MINUTES)
  @MaxDuration(value = 360, unit = TimeUnit.DAYS)
  @JsonProperty
  private Duration lookback = Duration.hours(72);

  @NotNull
  @MinDuration(value = 0, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 30, unit = TimeUnit.DAYS)
  @JsonProperty
  private Duration overlap = Duration.hours(2);

  @Min(1)
  @Max(1000)
  @JsonProperty
  private int searchesPerSecond = 10;

  @Min(0)
  @Max(6000)
  @JsonProperty
  private int quarantineLookupsPerMinute = 30;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration lease = Duration.seconds(60);

  /** How long after a run the next one begins. */
  public java.time.Duration every() {
    return every.toJavaDuration();
  }

  /** Whether MercadoPago is asked only when somebody asks for it. */
  public boolean isOnDemandOnly() {
    return every.toNanoseconds() == 0;
  }

  /** How far the very first run looks back. */
  public java.time.Duration lookback() {
    return lookback.toJavaDuration();
  }

  /** How far behind the newest change seen a run begins: a search may lag behind. */
  public java.time.Duration overlap() {
    return overlap.toJavaDuration();
  }

  /** The most pages that are asked for in a second. */
  public int searchesPerSecond() {
    return searchesPerSecond;
  }

  /** How often MercadoPago may be asked about what is in quarantine; 0 for never. */
  public int quarantineLookupsPerMinute() {
    return quarantineLookupsPerMinute;
  }

  /** After this long without a sign of life another instance may take a run over. */
  public java.time.Duration lease() {
    return lease.toJavaDuration();
  }
}
