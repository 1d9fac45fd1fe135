package dev.acuse.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person who is to be added, as it came: any part may be missing or wrong.
 *
 * @param role {@code viewer}, {@code operator} or {@code admin}
 * @param accounts names, or only {@code *}
 */
public record NewPerson(
    @Nullable String name,
    @Nullable String role,
    @Nullable List<String> accounts,
    @Nullable String password) {
  /** Without the password. */
  @Override
  public String toString() {
    return "NewPerson " + name;
  }
}
