package dev.acuse.account;

import dev.acuse.text.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shall be otherwise of an application; only the fields that are given. {@link #NONE} and the
 * methods {@code with…} make one, and null empties a field.
 */
public record ApplicationChange(
    Given<String> clientId, Given<Secret> clientSecret, Given<List<Secret>> webhookSecrets) {
  /** Nothing. */
  public static final ApplicationChange NONE =
      new ApplicationChange(Given.not(), Given.not(), Given.not());

  /** MercadoPago's id of it. */
  public ApplicationChange withClientId(@Nullable String value) {
    return new ApplicationChange(Given.of(value), clientSecret, webhookSecrets);
  }

  /** Null or none removes it. */
  public ApplicationChange withClientSecret(@Nullable Secret value) {
    return new ApplicationChange(clientId, Given.of(value), webhookSecrets);
  }

  /** All that may sign from now on, the newest first; null or none of them removes them. */
  public ApplicationChange withWebhookSecrets(@Nullable List<Secret> value) {
    return new ApplicationChange(clientId, clientSecret, Given.of(value));
  }
}
