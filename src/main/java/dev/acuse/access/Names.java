package dev.acuse.access;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people and keys may be called. */
final class Names {
  private static final Pattern PERSON = Pattern.compile("[A-Za-z0-9._@-]{1,64}");

  /** With {@code key:} before it, it fits the audit. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._@-]{1,60}");

  /** The audit has callers of these names that are no people. */
  private static final Set<String> RESERVED = Set.of("api-token", "loopback");

  private Names() {}

  /** Whether a person can have this name. */
  static boolean isPerson(String name) {
    return PERSON.matcher(name).matches();
  }

  static String person(@Nullable String name) {
    if (name == null || !isPerson(name)) {
      throw new InvalidAccessException("name", "must be 1 to 64 letters, digits and . _ @ -");
    }
    if (RESERVED.contains(name)) {
      throw new InvalidAccessException("name", "is one that the audit uses otherwise");
    }
    return name;
  }

  static String key(@Nullable String name) {
    if (name == null || !KEY.matcher(name).matches()) {
      throw new InvalidAccessException("name", "must be 1 to 60 letters, digits and . _ @ -");
    }
    return name;
  }

  static InvalidAccessException taken() {
    return new InvalidAccessException("name", "is taken, or was");
  }
}
