package dev.acuse.api;

import dev.acuse.text.Secret;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the API.
 *
 * @param token the bearer token that every request must carry ({@code ACUSE_API_TOKEN}); if there
 *     is none, the API answers only to its own machine
 */
public record ApiConfiguration(
    // What a bearer token may consist of: RFC 6750, 2.1. Any other could never be sent.
    @Pattern(
            regexp = "[A-Za-z0-9._~+/-]*=*",
            message = "may hold only letters, digits and - . _ ~ + / with = at the end")
        Secret token) {

  /** Null is no token. */
  public ApiConfiguration(@Nullable Secret token) {
    this.token = token == null ? Secret.NONE : token;
  }
}
