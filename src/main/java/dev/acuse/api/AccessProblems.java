package dev.acuse.api;

import dev.acuse.access.InvalidAccessException;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How requests about people and keys are answered that are not what they should be. */
final class AccessProblems {
  private AccessProblems() {}

  /** A body that must be there. */
  static <T> T body(@Nullable T body) {
    if (body == null) {
      throw ProblemException.of(ProblemCode.INVALID_BODY, "The body is missing.");
    }
    return body;
  }

  /** Does it, or answers 400 naming the field that is wrong. */
  static <T> T naming(Supplier<T> work) {
    try {
      return work.get();
    } catch (InvalidAccessException e) {
      throw ProblemException.of(
              ProblemCode.INVALID_BODY, "The field '" + e.field() + "' " + e.expectation() + ".")
          .causedBy(e);
    }
  }
}
