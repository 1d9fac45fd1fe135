package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** The API: the {@code api} section of {@code config.yml}. Never prints its token. */
public final class ApiConfiguration {

  @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
  private @Nullable String token;

  /** The bearer token that callers must show; null if there is none. */
  @Nullable String token() {
    return token == null || token.isBlank() ? null : token.strip();
  }
}
