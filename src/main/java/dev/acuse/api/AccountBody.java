package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import dev.acuse.account.AccountChange;
import dev.acuse.account.Given;
import dev.acuse.desk.AccountInput;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request about an account. Only what is there is set: what is missing is left as it
 * is, and null removes.
 */
final class AccountBody {
  private final GivenSecrets secrets = new GivenSecrets();
  private Given<String> name = Given.not();
  private Given<String> application = Given.not();
  private Given<String> state = Given.not();
  private AccountChange change = AccountChange.NONE;

  /** Its name; given if the body has the field. */
  Given<String> name() {
    return name;
  }

  /** What is given but for the name; ends the request if a secret is empty. */
  AccountInput input() {
    secrets.check();
    return new AccountInput(change, application, state);
  }

  @JsonSetter("name")
  void setName(@Nullable String value) {
    name = Given.of(value);
  }

  @JsonSetter("application")
  void setApplication(@Nullable String value) {
    application = Given.of(value);
  }

  @JsonSetter("state")
  void setState(@Nullable String value) {
    state = Given.of(value);
  }

  @JsonSetter("display_name")
  void setDisplayName(@Nullable String value) {
    change = change.withDisplayName(value);
  }

  @JsonSetter("mp_user_id")
  void setSellerId(@Nullable String value) {
    change = change.withSellerId(value);
  }

  @JsonSetter("site")
  void setSite(@Nullable String value) {
    change = change.withSite(value);
  }

  @JsonSetter("access_token")
  void setAccessToken(@Nullable String value) {
    change = change.withAccessToken(secrets.of("access_token", value));
  }

  @JsonSetter("refresh_token")
  void setRefreshToken(@Nullable String value) {
    change = change.withRefreshToken(secrets.of("refresh_token", value));
  }

  @JsonSetter("token_expires_at")
  void setTokenExpiresAt(@Nullable Instant value) {
    change = change.withTokenExpiresAt(value);
  }

  @JsonSetter("crm_token")
  void setCrmToken(@Nullable String value) {
    change = change.withCrmToken(secrets.of("crm_token", value));
  }

  @JsonSetter("location_id")
  void setLocationId(@Nullable String value) {
    change = change.withLocationId(value);
  }
}
