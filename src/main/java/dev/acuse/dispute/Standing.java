package dev.acuse.dispute;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a payment was last seen to stand in a dispute. */
enum Standing {
  DISPUTED,
  WON,
  LOST,
  /** It is disputed no more, and its status does not tell who has won. */
  OVER;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Null for none, and for a word of a newer version. */
  static @Nullable Standing of(@Nullable String code) {
    for (Standing standing : values()) {
      if (standing.code().equals(code)) {
        return standing;
      }
    }
    return null;
  }
}
