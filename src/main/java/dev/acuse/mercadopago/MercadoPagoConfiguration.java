package dev.acuse.mercadopago;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.remote.RemoteHttp;
import dev.acuse.text.Secret;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Pattern;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How to reach MercadoPago, and how to tell what comes from it.
 *
 * @param baseUrl the address of the API, without a slash at its end
 * @param accessToken what calls authenticate with
 * @param webhookSecrets the secrets that may sign webhooks, with commas between them, so that one
 *     can be rotated without a gap
 * @param signatureTolerance how far a signature's time may be from now, either way; zero for no
 *     limit
 * @param ipn what becomes of IPN
 * @param collectorId the account that payments must belong to; null if that isn't checked
 * @param notificationUrl where MercadoPago shall notify of our preferences; null leaves it to
 *     MercadoPago's panel
 * @param timeout the longest that a call may take as a whole
 */
public record MercadoPagoConfiguration(
    @Pattern(
            regexp = "https?://[^\\s?#@]+",
            message = "must be an http or https URL without user and query")
        String baseUrl,
    @Pattern(regexp = "[\\x21-\\x7e]*", message = "must be printable ASCII without blanks")
        Secret accessToken,
    Secret webhookSecrets,
    @MinDuration(value = 0, unit = TimeUnit.SECONDS) Duration signatureTolerance,
    Ipn ipn,
    @Pattern(regexp = "[0-9]{1,64}", message = "must be digits") @Nullable String collectorId,
    @Pattern(regexp = "https?://[^\\s#@]+", message = "must be an http or https URL")
        @Nullable String notificationUrl,
    @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
        @MaxDuration(value = 30, unit = TimeUnit.SECONDS)
        Duration timeout) {

  /** What becomes of IPN, the legacy notifications whose signature can't be verified. */
  public enum Ipn {
    /** A reason to look the payment up. */
    @JsonProperty("hint")
    HINT,
    /** Stored and left alone. */
    @JsonProperty("ignore")
    IGNORE
  }

  /** Fills in what is not set. */
  public MercadoPagoConfiguration(
      @Nullable String baseUrl,
      @Nullable Secret accessToken,
      @Nullable Secret webhookSecrets,
      @Nullable Duration signatureTolerance,
      @Nullable Ipn ipn,
      @Nullable String collectorId,
      @Nullable String notificationUrl,
      @Nullable Duration timeout) {
    String address = blankToNull(baseUrl);
    this.baseUrl =
        address == null ? "https://api.mercadopago.com" : address.replaceFirst("/+$", "");
    this.accessToken = accessToken == null ? Secret.NONE : accessToken;
    this.webhookSecrets = webhookSecrets == null ? Secret.NONE : webhookSecrets;
    this.signatureTolerance = signatureTolerance == null ? Duration.seconds(0) : signatureTolerance;
    this.ipn = ipn == null ? Ipn.HINT : ipn;
    this.collectorId = blankToNull(collectorId);
    this.notificationUrl = blankToNull(notificationUrl);
    this.timeout = timeout == null ? Duration.seconds(10) : timeout;
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** What holds where nothing is configured. */
  public static MercadoPagoConfiguration defaults() {
    return new MercadoPagoConfiguration(null, null, null, null, null, null, null, null);
  }

  /** What the account is known by. */
  public MercadoPagoCredentials credentials() {
    return new MercadoPagoCredentials(
        accessToken,
        Arrays.stream(webhookSecrets.reveal().split(",", -1))
            .map(Secret::of)
            .filter(Secret::isSet)
            .toList(),
        collectorId);
  }

  /**
   * Where MercadoPago shall notify of an account's preferences: the address of the account below
   * ours, so that no body decides whose it is.
   *
   * @param account its name
   * @return null leaves it to MercadoPago's panel
   */
  public @Nullable String notificationUrl(String account) {
    if (notificationUrl == null) {
      return null;
    }
    int end = notificationUrl.indexOf('?');
    String path = end < 0 ? notificationUrl : notificationUrl.substring(0, end);
    String query = end < 0 ? "" : notificationUrl.substring(end);
    return path.replaceFirst("/+$", "") + "/" + account + query;
  }

  /** A client that lives and ends with the environment. */
  public MercadoPagoClient buildClient(Environment environment, InstantSource clock) {
    var client = RemoteHttp.client("mercadopago", timeout.toJavaDuration(), environment);
    return new MercadoPagoClient(client, this, credentials(), clock);
  }
}
