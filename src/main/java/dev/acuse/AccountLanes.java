package dev.acuse;

import dev.acuse.account.Account;
import dev.acuse.account.AccountField;
import dev.acuse.account.AccountFollower;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.effect.CrmLanes;
import dev.acuse.event.Lane;
import dev.acuse.event.LaneKind;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.Outbox;
import dev.acuse.remote.RemoteSystem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * In which lane each account's effects are carried out: that of its location, which it may share
 * with other accounts, or, while it is not active, one of its own that is held back. So a pause
 * holds back no other account, and no claim has to look for whose an event is. Thread-safe.
 */
final class AccountLanes implements CrmLanes, Supplier<Map<Long, Lane>>, AccountFollower {
  private final Accounts accounts;
  private final Outbox outbox;
  private volatile @Nullable Known known;

  /** By account, and of which accounts. */
  private record Known(AccountSet of, Map<Long, Lane> lanes) {}

  /**
   * @param outbox moves what is pending when an account changes
   */
  AccountLanes(Accounts accounts, Outbox outbox) {
    this.accounts = accounts;
    this.outbox = outbox;
  }

  /** The lane of an account at a location. */
  static Lane of(Account account, @Nullable String locationId) {
    return Lane.crm(account.id(), account.isActive() ? locationId : null);
  }

  @Override
  public Lane of(long accountId) {
    Lane lane = get().get(accountId);
    return lane == null ? Lane.crm(accountId, null) : lane;
  }

  /** The lane of each account; the same object until an account changes. */
  @Override
  public Map<Long, Lane> get() {
    AccountSet now = accounts.current();
    Known latest = known;
    if (latest != null && latest.of() == now) {
      return latest.lanes();
    }
    Map<Long, Lane> lanes = new HashMap<>();
    now.all().forEach(account -> lanes.put(account.id(), of(account, account.locationId())));
    Map<Long, Lane> kept =
        latest != null && latest.lanes().equals(lanes) ? latest.lanes() : Map.copyOf(lanes);
    known = new Known(now, kept);
    return kept;
  }

  /** Puts what is pending of an account into the lane that it has from now on. */
  @Override
  public void changed(Handle handle, @Nullable Account before, Account after) {
    if (before == null) {
      return;
    }
    Lane from = of(before, location(before));
    Lane to = of(after, location(after));
    if (!from.equals(to)) {
      outbox.moveLane(handle, after.id(), from, to);
    }
  }

  /**
   * Has the accounts read anew where an event of the CRM is in another lane than its account's as
   * far as is known: a change moves it in its transaction, and is known a moment later here, or
   * some seconds later if another instance has made it. Never fails because of the database.
   */
  void catchUp(WebhookEvent event) {
    if (event.lane().kind() == LaneKind.CRM && !of(event.accountId()).equals(event.lane())) {
      var unused = accounts.fresh();
    }
  }

  /** What is stored counts only where the environment rules nothing else. */
  private @Nullable String location(Account stored) {
    Account ours = accounts.current().byId(stored.id()).orElse(stored);
    return ours.ruled().contains(AccountField.LOCATION) ? ours.locationId() : stored.locationId();
  }

  /** Holds back the lanes of all accounts that are not active, as long as they are not. */
  void holdIn(RemoteSystem mercadoPago, RemoteSystem goHighLevel) {
    accounts.follow(
        all -> {
          Set<String> asking = new HashSet<>();
          Set<String> effects = new HashSet<>();
          for (Account account : all.all()) {
            if (!account.isActive()) {
              asking.add(Lane.mercadoPago(account.id()).code());
              effects.add(Lane.crm(account.id(), null).code());
            }
          }
          mercadoPago.hold(asking);
          goHighLevel.hold(effects);
        });
  }
}
