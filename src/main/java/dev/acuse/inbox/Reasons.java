package dev.acuse.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.acuse.event.Reason;
import dev.acuse.event.ReasonCode;
import dev.acuse.text.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The reason of an attempt, as its two columns hold it. */
final class Reasons {
  /** So that a few of them fit, escaped as they may be. */
  private static final int MAX_ARG = 128;

  private static final int MOST_ARGS = 2;

  private Reasons() {}

  static @Nullable String code(@Nullable Reason reason) {
    return reason == null ? null : reason.code().code();
  }

  /** A JSON array of texts. */
  static @Nullable String args(@Nullable Reason reason) {
    return reason == null
        ? null
        : EventDao.json(
            reason.args().stream().limit(MOST_ARGS).map(arg -> Text.cut(arg, MAX_ARG)).toList());
  }

  /** Null where a version before wrote the attempt. */
  static @Nullable Reason read(@Nullable String code, @Nullable String args) {
    return code == null ? null : new Reason(ReasonCode.of(code), list(args));
  }

  private static List<String> list(@Nullable String json) {
    try {
      return json == null
          ? List.of()
          : EventDao.JSON.readValue(json, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the reason of an attempt is not readable", e);
    }
  }
}
