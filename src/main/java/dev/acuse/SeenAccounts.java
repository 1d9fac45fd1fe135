package dev.acuse;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The accounts as the readers need them: by their ids. */
final class SeenAccounts implements KnownAccounts {
  private final Accounts accounts;
  private final AtomicReference<@Nullable Known> latest = new AtomicReference<@Nullable Known>();

  private record Known(AccountSet of, Set<Long> ids) {}

  SeenAccounts(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public Set<Long> ids() {
    AccountSet now = accounts.current();
    Known known = latest.get();
    if (known == null || known.of() != now) {
      known = new Known(now, ids(now));
      latest.set(known);
    }
    return known.ids();
  }

  private static Set<Long> ids(AccountSet now) {
    // Main alone, if it compares no seller, takes whatever is verified.
    if (now.isMainAlone() && now.main().sellerId() == null) {
      return Set.of(Place.MAIN_ACCOUNT);
    }
    return Stream.concat(Stream.of(NO_ACCOUNT), now.all().stream().map(Account::id))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public List<Lane> lanesOf(long accountId) {
    // The location of one that is disconnected may be another account's by now.
    Optional<String> location =
        accounts.current().byId(accountId).filter(Account::isConnected).map(Account::locationId);
    return List.of(Lane.mercadoPago(accountId), Lane.crm(accountId, location.orElse(null)));
  }
}
