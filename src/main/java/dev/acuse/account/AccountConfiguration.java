package dev.acuse.account;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.account.seal.Keyring;
import dev.acuse.text.Secret;
import io.dropwizard.validation.ValidationMethod;
import org.jspecify.annotations.Nullable;

/**
 * What accounts need that the database cannot hold.
 *
 * @param key the keys that seal secrets: 32 bytes each in base64, with commas between them
 */
public record AccountConfiguration(@JsonProperty("key") Secret key) {
  /** Fills in what is not set. */
  public AccountConfiguration(@Nullable @JsonProperty("key") Secret key) {
    this.key = key == null ? Secret.NONE : key;
  }

  /** A key that cannot be one is found before a secret waits for it. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "accounts.key (ACUSE_KEY) must be keys of 32 bytes in base64, with commas between them"
              + " (openssl rand -base64 32)")
  public boolean isListOfKeys() {
    try {
      return Keyring.parse(key.reveal()).toString() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
