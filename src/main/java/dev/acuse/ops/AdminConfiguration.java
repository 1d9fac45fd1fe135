package dev.acuse.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** The admin port: the {@code adminPort} section of {@code config.yml}. Never prints its token. */
public final class AdminConfiguration {

  @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
  private @Nullable String token;

  /** The bearer token that tasks ask for; null if there is none. */
  public @Nullable String token() {
    return token == null || token.isBlank() ? null : token.strip();
  }
}
