package dev.acuse.sandbox.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of one API: whose each is and whether it is still good. A revoked one is remembered,
 * because its calls are still to be told from those of others. Thread-safe.
 *
 * @param <A> an account of that API
 */
public final class Tokens<A> {
  private final Map<String, Entry<A>> entries = new LinkedHashMap<>();

  private record Entry<A>(A account, boolean good) {}

  /**
   * Makes a token good for an account, beside those that it has.
   *
   * @throws IllegalStateException if another account has, or had, this token
   */
  public synchronized void add(String token, A account) {
    Entry<A> known = entries.get(token);
    if (known != null && known.account() != account) {
      throw new IllegalStateException("this token is another account's");
    }
    // the newest stands last
    entries.remove(token);
    entries.put(token, new Entry<>(account, true));
  }

  /**
   * Revokes a token of an account.
   *
   * @throws IllegalStateException if the account does not have it
   */
  public synchronized void revoke(String token, A account) {
    Entry<A> known = entries.get(token);
    if (known == null || known.account() != account) {
      throw new IllegalStateException("this token is not the account's");
    }
    entries.put(token, new Entry<>(account, false));
  }

  /** Revokes every token of an account. */
  public synchronized void revokeAll(A account) {
    entries.replaceAll(
        (token, entry) -> entry.account() == account ? new Entry<>(account, false) : entry);
  }

  /** The account whose token this is, good or revoked. */
  public synchronized Optional<A> account(String token) {
    return Optional.ofNullable(entries.get(token)).map(Entry::account);
  }

  /** The account that may call with this token. */
  public synchronized Optional<A> caller(String token) {
    return Optional.ofNullable(entries.get(token)).filter(Entry::good).map(Entry::account);
  }

  /** The good tokens of an account, the newest last. */
  public synchronized List<String> good(A account) {
    return of(account, false);
  }

  /** Every token that an account has or had, the newest last. */
  public synchronized List<String> all(A account) {
    return of(account, true);
  }

  private List<String> of(A account, boolean revokedToo) {
    var found = new ArrayList<String>();
    entries.forEach(
        (token, entry) -> {
          if (entry.account() == account && (revokedToo || entry.good())) {
            found.add(token);
          }
        });
    return List.copyOf(found);
  }
}
