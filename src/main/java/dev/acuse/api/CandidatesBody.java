package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import dev.acuse.account.AccountChange;
import org.jspecify.annotations.Nullable;

/** The body of a request to test what is not stored yet, in the place of what is. */
final class CandidatesBody {
  private final GivenSecrets secrets = new GivenSecrets();
  private AccountChange candidates = AccountChange.NONE;

  /** What is given; ends the request if a secret is empty. */
  AccountChange candidates() {
    secrets.check();
    return candidates;
  }

  @JsonSetter("mp_user_id")
  void setSellerId(@Nullable String value) {
    candidates = candidates.withSellerId(value);
  }

  @JsonSetter("access_token")
  void setAccessToken(@Nullable String value) {
    candidates = candidates.withAccessToken(secrets.of("access_token", value));
  }

  @JsonSetter("crm_token")
  void setCrmToken(@Nullable String value) {
    candidates = candidates.withCrmToken(secrets.of("crm_token", value));
  }

  @JsonSetter("location_id")
  void setLocationId(@Nullable String value) {
    candidates = candidates.withLocationId(value);
  }
}
