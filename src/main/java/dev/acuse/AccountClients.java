package dev.acuse;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteLane;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.remote.TokenInForce;
import dev.acuse.text.Secret;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One system's clients, one for each account, all by the same connections. A client is made anew
 * when what it is made of changes: a token that was replaced is used at once, and what has waited
 * for it becomes due. An account that is disconnected has a client without a token. Thread-safe.
 *
 * @param <C> the client
 */
final class AccountClients<C> {
  private static final Logger LOGGER = LoggerFactory.getLogger(AccountClients.class);

  /**
   * What a client is made of.
   *
   * @param lane whose breaker and rate its calls pass
   * @param address what else names the account to the system; null if nothing does
   */
  record Parts(Lane lane, Secret token, @Nullable String address) {}

  /** Makes the clients of one system. */
  interface Maker<C> {
    /** What an account's client is made of. */
    Parts parts(Account account);

    /** A client whose calls no guard holds back. */
    C client(Secret token, @Nullable String address);

    /** The same client behind a guard. */
    C through(C client, Guard guard);
  }

  /** A client, and what it was made of. */
  private record Made<C>(Parts parts, C guarded, C unguarded, TokenInForce token) {}

  private final Accounts accounts;
  private final RemoteSystem system;
  private final Maker<C> maker;
  private final Map<Long, Made<C>> made = new ConcurrentHashMap<>();

  /** Clients of these accounts, as they are at any time. */
  AccountClients(Accounts accounts, RemoteSystem system, Maker<C> maker) {
    this.accounts = accounts;
    this.system = system;
    this.maker = maker;
    accounts.follow(this::changed);
  }

  /** The account's client, behind the breakers and the rate of its lane. */
  C of(long accountId) {
    Made<C> its = made(accounts.current(), accountId);
    return its == null ? maker.client(Secret.NONE, null) : its.guarded();
  }

  /**
   * The account's client past the breakers, within its lane's rate: where that has no room it
   * waits. It asks for a person who waits for the answer, so that it must not be refused because
   * other calls fail, and its own failure must not hold events back.
   */
  C unguarded(long accountId) {
    Made<C> its = made(accounts.current(), accountId);
    return its == null ? maker.client(Secret.NONE, null) : its.unguarded();
  }

  /** Null if there is no such account, or it is disconnected. */
  private @Nullable Made<C> made(AccountSet all, long accountId) {
    Account account = all.byId(accountId).filter(Account::isConnected).orElse(null);
    if (account == null) {
      return null;
    }
    Parts parts = maker.parts(account);
    Made<C> known = made.get(accountId);
    return known != null && known.parts().equals(parts) ? known : make(accountId, parts);
  }

  private Made<C> make(long accountId, Parts parts) {
    RemoteLane lane;
    Made<C> before;
    Made<C> now;
    synchronized (made) {
      // Here, or a change that is followed meanwhile could forget the lane that the client has.
      lane = system.lane(parts.lane().code());
      before = made.get(accountId);
      if (before != null && before.parts().equals(parts)) {
        return before;
      }
      var token = new TokenInForce();
      C client = maker.client(parts.token(), parts.address());
      now =
          new Made<>(
              parts,
              maker.through(client, lane.then(token)),
              maker.through(client, lane.rate().patient()),
              token);
      made.put(accountId, now);
    }
    boolean isTokenNew = before == null || !before.parts().token().equals(parts.token());
    if (before != null) {
      before.token().replaced();
      if (isTokenNew) {
        renew(lane);
      }
    }
    if (isTokenNew && accountId == Place.MAIN_ACCOUNT && !parts.token().isSet()) {
      // Known before any call is made in vain. Another account may never need one.
      lane.lacksToken();
    }
    return now;
  }

  /** What it makes due may be in a database that is out: then that is due by its own time. */
  private void renew(RemoteLane lane) {
    try {
      lane.renewed();
    } catch (RuntimeException e) {
      LOGGER.warn("what waits in lane {} for its token is tried by its schedule", lane.code(), e);
    }
  }

  /** Makes what is new, and forgets the lanes that no account has any more. */
  private void changed(AccountSet all) {
    Set<Long> connected = new HashSet<>();
    for (Account account : all.all()) {
      if (made(all, account.id()) != null) {
        connected.add(account.id());
      }
    }
    synchronized (made) {
      made.keySet().retainAll(connected);
      system.keepOnly(
          made.values().stream().map(its -> its.parts().lane().code()).collect(Collectors.toSet()));
    }
  }
}
