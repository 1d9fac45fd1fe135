package dev.acuse.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be another of a person; null stays as it is.
 *
 * @param role {@code viewer}, {@code operator} or {@code admin}
 * @param accounts names, or only {@code *}
 * @param disabled whether the person may sign in no more
 */
public record PersonChange(
    @Nullable String role,
    @Nullable List<String> accounts,
    @Nullable String password,
    @Nullable Boolean disabled) {
  /** Nothing but that the person may sign in no more. */
  public static final PersonChange DISABLED = new PersonChange(null, null, null, true);

  /** Without the password. */
  @Override
  public String toString() {
    return "PersonChange";
  }
}
