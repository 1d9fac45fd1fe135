package dev.acuse.desk;

import dev.acuse.account.AccountProblem;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import java.util.Locale;
import java.util.function.Supplier;

/** How changes are answered that are refused: each names the field that it is about. */
final class Refusals {
  private Refusals() {}

  /** Does it, or ends the request with the problem. */
  static <T> T naming(Supplier<T> work) {
    try {
      return work.get();
    } catch (AccountProblem e) {
      throw of(e).causedBy(e);
    }
  }

  private static ProblemException of(AccountProblem refusal) {
    String field = refusal.field();
    String sentence = refusal.sentence();
    String detail =
        field == null
            ? sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1) + "."
            : field(field, sentence);
    return switch (refusal.kind()) {
      case INVALID -> ProblemException.of(ProblemCode.INVALID_BODY, detail);
      case CONFLICT -> ProblemException.of(ProblemCode.CONFLICT.status(), refusal.code(), detail);
      case NOT_FOUND -> ProblemException.of(ProblemCode.NOT_FOUND, detail);
    };
  }

  /** A field that can never be so. */
  static ProblemException invalid(String field, String sentence) {
    return ProblemException.of(ProblemCode.INVALID_BODY, field(field, sentence));
  }

  private static String field(String field, String sentence) {
    return "The field '" + field + "' is refused: " + sentence + ".";
  }

  /** The same for what is not there and for what the caller must not see. */
  static ProblemException noAccount() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such account.");
  }

  static ProblemException noApplication() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such application.");
  }
}
