package dev.acuse.event;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose accounts are seen. It is made where the caller is known, and handed down to what reads, so
 * that nothing is read for a caller that the caller must not see.
 */
public final class Scope {
  private static final Scope EVERYTHING = new Scope(null);

  private final @Nullable Set<Long> accounts;

  private Scope(@Nullable Set<Long> accounts) {
    this.accounts = accounts;
  }

  /** All accounts, those that are yet to be made as well, and what is no account's. */
  public static Scope everything() {
    return EVERYTHING;
  }

  /**
   * These accounts and no other; what is no account's is not seen either.
   *
   * @param accountIds none of them sees nothing
   */
  public static Scope of(Set<Long> accountIds) {
    return new Scope(Set.copyOf(accountIds));
  }

  /** One account. */
  public static Scope of(long accountId) {
    return of(Set.of(accountId));
  }

  /** Whether nothing is held back. */
  public boolean isEverything() {
    return accounts == null;
  }

  /** Whether what is this account's is seen. */
  public boolean sees(long accountId) {
    return accounts == null || accounts.contains(accountId);
  }

  /**
   * The ids of the accounts that are seen.
   *
   * @throws IllegalStateException if that is everything: those are not listed
   */
  public Set<Long> accountIds() {
    if (accounts == null) {
      throw new IllegalStateException("everything is seen, and not listed");
    }
    return accounts;
  }

  /** The id of the only account that is seen; 0 where several are, or none, or everything. */
  public long soleAccount() {
    return accounts != null && accounts.size() == 1 ? accounts.iterator().next() : 0;
  }

  /** What both see. */
  public Scope and(Scope other) {
    if (accounts == null) {
      return other;
    }
    if (other.accounts == null) {
      return this;
    }
    return of(
        accounts.stream().filter(other.accounts::contains).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Which of these accounts are seen: all of them, if that is everything.
   *
   * @param known all accounts that there are
   */
  public Set<Long> among(Set<Long> known) {
    return accounts == null
        ? known
        : accounts.stream().filter(known::contains).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether all that another scope sees is seen. */
  public boolean covers(Scope other) {
    return accounts == null || (other.accounts != null && accounts.containsAll(other.accounts));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scope scope && Objects.equals(accounts, scope.accounts);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(accounts);
  }

  @Override
  public String toString() {
    return accounts == null ? "everything" : "accounts " + accounts;
  }
}
