package dev.acuse.gohighlevel;

import dev.acuse.remote.Guard;
import dev.acuse.remote.PacedRate;
import dev.acuse.remote.RemoteHttp;
import dev.acuse.text.ExternalId;
import dev.acuse.text.Secret;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How to reach GoHighLevel.
 *
 * <p>GoHighLevel's own limit is 100 requests in 10 seconds for an app and a location (its page Rate
 * Limits); the default leaves room for whatever else uses the same token.
 *
 * @param baseUrl the address of the API, without a slash at its end
 * @param token a private integration token of the sub-account
 * @param locationId the sub-account, which names the lane of the calls; only the search by e-mail
 *     needs it
 * @param apiVersion the value of the header {@code Version}, without which nothing is answered
 * @param requestsPer10Seconds how many requests all instances send for a location in 10 seconds,
 *     evenly spread
 * @param timeout the longest that a call may take as a whole
 */
public record GoHighLevelConfiguration(
    @Pattern(
            regexp = "https?://[^\\s?#@]+",
            message = "must be an http or https URL without user and query")
        String baseUrl,
    @Pattern(regexp = "[\\x21-\\x7e]*", message = "must be printable ASCII without blanks")
        Secret token,
    @Pattern(regexp = ExternalId.FORM, message = "must be an id of GoHighLevel's")
        @Nullable String locationId,
    @Pattern(regexp = "[\\x21-\\x7e]+", message = "must be printable ASCII without blanks")
        String apiVersion,
    @Min(1) @Max(99) Integer requestsPer10Seconds,
    @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
        @MaxDuration(value = 30, unit = TimeUnit.SECONDS)
        Duration timeout) {
  /** GoHighLevel's limit of a day for an app and a location (its page Rate Limits). */
  private static final long REQUESTS_A_DAY = 200_000;

  /** Fills in what is not set. */
  public GoHighLevelConfiguration(
      @Nullable String baseUrl,
      @Nullable Secret token,
      @Nullable String locationId,
      @Nullable String apiVersion,
      @Nullable Integer requestsPer10Seconds,
      @Nullable Duration timeout) {
    String address = blankToNull(baseUrl);
    this.baseUrl =
        address == null ? "https://services.leadconnectorhq.com" : address.replaceFirst("/+$", "");
    this.token = token == null ? Secret.NONE : token;
    this.locationId = blankToNull(locationId);
    this.apiVersion = apiVersion == null ? "2021-07-28" : apiVersion;
    this.requestsPer10Seconds = requestsPer10Seconds == null ? 80 : requestsPer10Seconds;
    this.timeout = timeout == null ? Duration.seconds(10) : timeout;
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** What holds where nothing is configured. */
  public static GoHighLevelConfiguration defaults() {
    return new GoHighLevelConfiguration(null, null, null, null, null, null);
  }

  /**
   * The rate of one location. Commands that run beside the service, and whatever else uses the same
   * token, need their share of GoHighLevel's own limits.
   *
   * @param instances how many instances share it
   */
  public PacedRate rate(IntSupplier instances) {
    return new PacedRate(
        "GoHighLevel", requestsPer10Seconds, REQUESTS_A_DAY, instances, System::nanoTime);
  }

  /** A client that lives and ends with the environment, and that no guard holds back. */
  public GoHighLevelClient buildClient(Environment environment, InstantSource clock) {
    var client = RemoteHttp.client("gohighlevel", timeout.toJavaDuration(), environment);
    return new GoHighLevelClient(client, this, clock, Guard.NONE);
  }
}
