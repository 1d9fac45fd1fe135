package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import dev.acuse.account.ApplicationChange;
import dev.acuse.account.Given;
import dev.acuse.text.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request about an application. Only what is there is set: what is missing is left as
 * it is, and null removes.
 */
final class ApplicationBody {
  private final GivenSecrets secrets = new GivenSecrets();
  private Given<String> name = Given.not();
  private ApplicationChange change = ApplicationChange.NONE;

  /** Its name; given if the body has the field. */
  Given<String> name() {
    return name;
  }

  /** What is given but for the name; ends the request if a secret is empty. */
  ApplicationChange change() {
    secrets.check();
    return change;
  }

  @JsonSetter("name")
  void setName(@Nullable String value) {
    name = Given.of(value);
  }

  @JsonSetter("client_id")
  void setClientId(@Nullable String value) {
    change = change.withClientId(value);
  }

  @JsonSetter("client_secret")
  void setClientSecret(@Nullable String value) {
    change = change.withClientSecret(secrets.of("client_secret", value));
  }

  /** One that is null or empty is refused by the store, as an empty secret. */
  @JsonSetter("webhook_secrets")
  void setWebhookSecrets(@Nullable List<@Nullable String> values) {
    change =
        change.withWebhookSecrets(values == null ? null : values.stream().map(Secret::of).toList());
  }
}
