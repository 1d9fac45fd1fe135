package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonProperty.Access;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the API.
 *
 * @param token the bearer token that every request must carry ({@code ACUSE_API_TOKEN}); blank: no
 *     token, and the API answers only to its own machine
 */
public record ApiConfiguration(
    // What a bearer token may consist of: RFC 6750, 2.1. Any other could never be sent.
    @Pattern(
            regexp = "[A-Za-z0-9._~+/-]*=*",
            message = "may hold only letters, digits and - . _ ~ + / with = at the end")
        String token) {

  /** Trims the token; null is the same as blank. */
  @JsonCreator
  public ApiConfiguration(
      @JsonProperty(value = "token", access = Access.WRITE_ONLY) @Nullable String token) {
    this.token = token == null ? "" : token.strip();
  }

  /** Whether there is a token to ask for. */
  public boolean hasToken() {
    return !token.isEmpty();
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "ApiConfiguration[token=" + (hasToken() ? "[REDACTED]" : "none") + "]";
  }
}
