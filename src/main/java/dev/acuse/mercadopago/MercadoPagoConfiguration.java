package dev.acuse.mercadopago;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.remote.RemoteHttp;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How to reach MercadoPago, and how to tell what comes from it. Not a record: a record's {@code
 * toString} would print its secrets.
 */
public final class MercadoPagoConfiguration {
  /** What becomes of IPN, the legacy notifications whose signature can't be verified. */
  public enum Ipn {
    /** A reason to look the payment up. */
    @JsonProperty("hint")
    HINT,
    /** Stored and left alone. */
    @JsonProperty("ignore")
    IGNORE
  }

  private static final String TOKEN = "[\\x21-\\x7e]*";
  private static final String HTTP_URL = "https?://[^\\s?#@]+";

  @NotNull
  @Pattern(regexp = HTTP_URL, message = "must be an http or https URL without user and query")
  private String baseUrl = "https://api.mercadopago.com";

  @Pattern(regexp = TOKEN, message = "must be printable ASCII without blanks")
  private @Nullable String accessToken;

  private List<String> secrets = List.of();

  @NotNull
  @MinDuration(value = 0, unit = TimeUnit.SECONDS)
  private Duration signatureTolerance = Duration.seconds(0);

  @NotNull private Ipn ipn = Ipn.HINT;

  @Pattern(regexp = "[0-9]{1,64}", message = "must be digits")
  private @Nullable String collectorId;

  @Pattern(regexp = "https?://[^\\s#@]+", message = "must be an http or https URL")
  private @Nullable String notificationUrl;

  @NotNull
  @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 30, unit = TimeUnit.SECONDS)
  private Duration timeout = Duration.seconds(10);

  /** A client that lives and ends with the environment. */
  public MercadoPagoClient buildClient(Environment environment, InstantSource clock) {
    var client = RemoteHttp.client("mercadopago", timeout.toJavaDuration(), environment);
    return new MercadoPagoClient(client, this, clock);
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

  /** Null if none is configured. */
  @JsonIgnore
  public @Nullable String getAccessToken() {
    return accessToken;
  }

  @JsonProperty(value = "accessToken", access = JsonProperty.Access.WRITE_ONLY)
  public void setAccessToken(@Nullable String accessToken) {
    this.accessToken = blankToNull(accessToken);
  }

  /** The secrets that may sign webhooks, the newest first; empty if signatures aren't checked. */
  @JsonIgnore
  public List<String> secrets() {
    return secrets;
  }

  /** Takes secrets separated by commas, so that one can be rotated without a gap. */
  @JsonProperty(value = "webhookSecrets", access = JsonProperty.Access.WRITE_ONLY)
  public void setWebhookSecrets(@Nullable String webhookSecrets) {
    this.secrets =
        webhookSecrets == null
            ? List.of()
            : Arrays.stream(webhookSecrets.split(",", -1))
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .toList();
  }

  /** How far a signature's time may be from now, either way; zero for no limit. */
  @JsonProperty
  public Duration getSignatureTolerance() {
    return signatureTolerance;
  }

  @JsonProperty
  public void setSignatureTolerance(Duration signatureTolerance) {
    this.signatureTolerance = signatureTolerance;
  }

  /** What becomes of IPN. */
  @JsonProperty
  public Ipn getIpn() {
    return ipn;
  }

  @JsonProperty
  public void setIpn(Ipn ipn) {
    this.ipn = ipn;
  }

  /** The MercadoPago account that payments must belong to; null if that isn't checked. */
  @JsonProperty
  public @Nullable String getCollectorId() {
    return collectorId;
  }

  @JsonProperty
  public void setCollectorId(@Nullable String collectorId) {
    this.collectorId = blankToNull(collectorId);
  }

  /** Where MercadoPago shall notify of our preferences; null leaves it to MercadoPago's panel. */
  @JsonProperty
  public @Nullable String getNotificationUrl() {
    return notificationUrl;
  }

  @JsonProperty
  public void setNotificationUrl(@Nullable String notificationUrl) {
    this.notificationUrl = blankToNull(notificationUrl);
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
    return "MercadoPagoConfiguration[baseUrl=%s, accessToken=%s, webhookSecrets=%d, ipn=%s]"
        .formatted(baseUrl, accessToken == null ? "none" : "[REDACTED]", secrets.size(), ipn);
  }
}
