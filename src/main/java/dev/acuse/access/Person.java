package dev.acuse.access;

import dev.acuse.event.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person who signs in to the console.
 *
 * @param name unique and for good, because the audit knows a person by it
 * @param passwordHash bcrypt's
 * @param createdBy the caller that added the person
 * @param updatedAt when a role, the accounts, the password or the right to sign in changed
 * @param disabledAt since when the person cannot sign in; null for one who can
 */
public record Person(
    long id,
    String name,
    AccessRole role,
    Scope scope,
    String passwordHash,
    Instant createdAt,
    String createdBy,
    Instant updatedAt,
    @Nullable Instant disabledAt) {
  /** Without the hash. */
  @Override
  public String toString() {
    return "Person " + name;
  }
}
