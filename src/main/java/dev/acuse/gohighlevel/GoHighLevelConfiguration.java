package dev.acuse.gohighlevel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteHttp;
import dev.acuse.remote.SmoothRateLimit;
import dev.acuse.text.ExternalId;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How to reach GoHighLevel. Not a record: a record's {@code toString} would print the token.
 *
 * <p>GoHighLevel's own limit is 100 requests in 10 seconds for an app and a location (its page Rate
 * Limits); the default leaves room for whatever else uses the same token.
 */
public final class GoHighLevelConfiguration {
  private static final String PRINTABLE = "[\\x21-\\x7e]*";

  @NotNull
  @Pattern(
      regexp = "https?://[^\\s?#@]+",
      message = "must be an http or https URL without user and query")
  private String baseUrl = "https://services.leadconnectorhq.com";

  @Pattern(regexp = PRINTABLE, message = "must be printable ASCII without blanks")
  private @Nullable String token;

  @Pattern(regexp = ExternalId.FORM, message = "must be an id of GoHighLevel's")
  private @Nullable String locationId;

  @NotNull
  @Pattern(regexp = "[\\x21-\\x7e]+", message = "must be printable ASCII without blanks")
  private String apiVersion = "2021-07-28";

  @Min(1)
  @Max(99)
  private int requestsPer10Seconds = 80;

  @NotNull
  @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 30, unit = TimeUnit.SECONDS)
  private Duration timeout = Duration.seconds(10);

  /**
   * A CRM whose client lives and ends with the environment. Its rate counts the requests of this
   * process only: other processes that use the same token need their share.
   *
   * @param breaker is asked before the rate: while it is open, no call takes a turn
   */
  public GoHighLevelCrm buildCrm(Environment environment, InstantSource clock, Guard breaker) {
    var client = RemoteHttp.client("gohighlevel", timeout.toJavaDuration(), environment);
    var rate = new SmoothRateLimit(requestsPer10Seconds);
    return new GoHighLevelCrm(new GoHighLevelClient(client, this, clock, breaker.then(rate)));
  }

  /** The address of the API, without a slash at its end. */
  @JsonProperty
  public String getBaseUrl() {
    return baseUrl;
  }

  /** Blank leaves the default. */
  @JsonProperty
  public void setBaseUrl(@Nullable String baseUrl) {
    if (baseUrl != null && !baseUrl.isBlank()) {
      this.baseUrl = baseUrl.strip().replaceFirst("/+$", "");
    }
  }

  /** A private integration token of the sub-account; null if none is configured. */
  @JsonIgnore
  public @Nullable String getToken() {
    return token;
  }

  @JsonProperty(value = "token", access = JsonProperty.Access.WRITE_ONLY)
  public void setToken(@Nullable String token) {
    this.token = blankToNull(token);
  }

  /** The sub-account; only the search by e-mail needs it. */
  @JsonProperty
  public @Nullable String getLocationId() {
    return locationId;
  }

  @JsonProperty
  public void setLocationId(@Nullable String locationId) {
    this.locationId = blankToNull(locationId);
  }

  /** The value of the header {@code Version}, without which nothing is answered. */
  @JsonProperty
  public String getApiVersion() {
    return apiVersion;
  }

  @JsonProperty
  public void setApiVersion(String apiVersion) {
    this.apiVersion = apiVersion;
  }

  /** How many requests this process sends in 10 seconds, evenly spread. */
  @JsonProperty
  public int getRequestsPer10Seconds() {
    return requestsPer10Seconds;
  }

  @JsonProperty
  public void setRequestsPer10Seconds(int requestsPer10Seconds) {
    this.requestsPer10Seconds = requestsPer10Seconds;
  }

  /** The longest that a call may take as a whole. */
  @JsonProperty
  public Duration getTimeout() {
    return timeout;
  }

  @JsonProperty
  public void setTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  @Override
  public String toString() {
    return "GoHighLevelConfiguration[baseUrl=%s, token=%s, locationId=%s, apiVersion=%s]"
        .formatted(baseUrl, token == null ? "none" : "[REDACTED]", locationId, apiVersion);
  }
}
