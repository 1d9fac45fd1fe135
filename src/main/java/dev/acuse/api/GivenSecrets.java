package dev.acuse.api;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.text.Secret;
import org.jspecify.annotations.Nullable;

/** Secrets of a body. An empty one is a mistake: by null a secret is removed. */
final class GivenSecrets {
  private @Nullable String emptyField;

  /** The secret; none for null, and for an empty one, which {@link #check} refuses. */
  Secret of(String field, @Nullable String text) {
    if (text != null && text.isBlank()) {
      emptyField = field;
    }
    return Secret.of(text);
  }

  /** Ends the request if one of them was empty. */
  void check() {
    if (emptyField != null) {
      throw ProblemException.of(
          ProblemCode.INVALID_BODY,
          "The field '" + emptyField + "' must not be empty; null removes it.");
    }
  }
}
