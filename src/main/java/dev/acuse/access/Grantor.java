package dev.acuse.access;

import dev.acuse.event.Scope;

/**
 * The caller that gives rights to others: never more than it has itself.
 *
 * @param name as the audit has it
 */
public record Grantor(String name, AccessRole role, Scope scope) {

  /** A caller that may give everything, as the command or the admin port. */
  public static Grantor root(String name) {
    return new Grantor(name, AccessRole.ADMIN, Scope.everything());
  }

  /** Whether all of these accounts are the grantor's; all accounts are only one's of all. */
  boolean covers(Scope accounts) {
    return scope.covers(accounts);
  }

  /**
   * @throws InvalidAccessException if the grantor has not this role itself, or a greater one
   */
  void checkRole(AccessRole granted) {
    if (!role.includes(granted)) {
      throw new InvalidAccessException("role", "must be no more than the role of the caller");
    }
  }

  /**
   * @throws InvalidAccessException if the grantor has not these accounts itself
   */
  void checkAccounts(Scope accounts) {
    if (!covers(accounts)) {
      throw new InvalidAccessException("accounts", "must be accounts of the caller");
    }
  }
}
