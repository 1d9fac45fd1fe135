package dev.acuse.intake;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.inbox.QuarantineBudget;
import dev.acuse.intake.spool.SpoolConfiguration;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/** How webhooks are taken in: the {@code intake} section of {@code config.yml}. */
public final class IntakeConfiguration {

  /**
   * A group that is being written is in memory a few times over, and several may be under way at
   * once while a database hangs.
   */
  private static final int GROUPS_IN_MEMORY = 16;

  // One MiB is what a BYTEA column of H2 holds.
  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  @JsonProperty
  private DataSize maxBodySize = DataSize.mebibytes(1);

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  @JsonProperty
  private DataSize maxUnverifiedBody = DataSize.kibibytes(16);

  @Valid @NotNull @JsonProperty private HeapShare memory = HeapShare.of("25%");

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration bodyTimeout = Duration.seconds(5);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration headTimeout = Duration.seconds(10);

  @Min(value = 16, message = "(ACUSE_MAX_CONNECTIONS) must be 16 or more")
  @Max(value = 1_000_000, message = "(ACUSE_MAX_CONNECTIONS) must be 1000000 or less")
  @JsonProperty
  private int maxConnections = 2_000;

  @Min(value = 0, message = "(ACUSE_CONNECTIONS_PER_ADDRESS) must be 0, for no cap, or more")
  @JsonProperty
  private int connectionsPerAddress = 256;

  @Min(1)
  @Max(100)
  @JsonProperty
  private int connections = 8;

  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 2, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration maxWaitForConnection = Duration.seconds(2);

  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 4, unit = TimeUnit.SECONDS)
  @JsonProperty
  private Duration storePatience = Duration.seconds(1);

  @Valid @NotNull @JsonProperty private SpoolConfiguration spool = new SpoolConfiguration();

  @Min(1)
  @Max(1_000_000)
  @JsonProperty
  private int queue = 5_000;

  @Min(1)
  @Max(10_000)
  @JsonProperty
  private int hintsPerSecond = 10;

  @Min(1)
  @JsonProperty
  private int quarantineMaxEvents = 10_000;

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  @JsonProperty
  private DataSize quarantineMaxSize = DataSize.mebibytes(64);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.HOURS)
  @JsonProperty
  private Duration quarantineMaxAge = Duration.days(30);

  @Min(1)
  @Max(10_000)
  @JsonProperty
  private int quarantinedPerSecond = 20;

  /** The largest body that is taken, in bytes. */
  public int maxBodyBytes() {
    return Math.toIntExact(maxBodySize.toBytes());
  }

  /** The largest body that is taken of a request that no secret vouches for, in bytes. */
  public int maxUnverifiedBodyBytes() {
    return Math.toIntExact(Math.min(maxUnverifiedBody.toBytes(), maxBodySize.toBytes()));
  }

  /** How many bytes requests may hold in memory, from the first that is read to the answer. */
  public long memoryBytes() {
    return memory.bytes();
  }

  /** How many bytes of webhooks go to the disk together, unless a single one has more. */
  public long groupBytes() {
    return memory.bytes() / GROUPS_IN_MEMORY;
  }

  /** A webhook of the largest size must find room beside another. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "memory (ACUSE_INTAKE_MEMORY) must be twice maxBodySize (ACUSE_MAX_BODY) at least, and"
              + " three quarters of the largest heap (-Xmx) at most")
  public boolean isMemoryUsable() {
    return memory.bytes() >= 2 * maxBodySize.toBytes() && memory.bytes() <= HeapShare.most();
  }

  /** How long a body may take to arrive. */
  public java.time.Duration bodyTimeout() {
    return bodyTimeout.toJavaDuration();
  }

  /** How long the head of a request may take to arrive. */
  public java.time.Duration headTimeout() {
    return headTimeout.toJavaDuration();
  }

  /** How many connections there may be to the port of webhooks and the API, all in all. */
  public int maxConnections() {
    return maxConnections;
  }

  /** How many connections one address may have to the port of webhooks and the API; 0: any. */
  public int connectionsPerAddress() {
    return connectionsPerAddress;
  }

  /** How many connections to the database the intake has for itself. */
  public int connections() {
    return connections;
  }

  /** How long a commit waits for one of them. */
  public Duration maxWaitForConnection() {
    return maxWaitForConnection;
  }

  /** How long a webhook waits for the database; MercadoPago gives a repeat five seconds in all. */
  public java.time.Duration storePatience() {
    return storePatience.toJavaDuration();
  }

  /** Where webhooks wait while the database is out. */
  public SpoolConfiguration spool() {
    return spool;
  }

  /** How many webhooks may wait for the next commit; beyond that they are refused with 503. */
  public int queue() {
    return queue;
  }

  /** How many look-ups a second deliveries whose signature cannot be checked may cause. */
  public int hintsPerSecond() {
    return hintsPerSecond;
  }

  /** How much quarantine may hold. */
  public QuarantineBudget quarantineBudget() {
    return new QuarantineBudget(
        quarantineMaxEvents, quarantineMaxSize.toBytes(), quarantineMaxAge.toJavaDuration());
  }

  /** How many refused requests a second are kept; the rest are only counted. */
  public int quarantinedPerSecond() {
    return quarantinedPerSecond;
  }
}
