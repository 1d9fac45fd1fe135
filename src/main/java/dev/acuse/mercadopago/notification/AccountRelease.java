package dev.acuse.mercadopago.notification;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.Lane;
import dev.acuse.inbox.UnknownAccounts;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives verified webhooks that were no account's to their account as soon as that is there: after
 * each change of the accounts, and every minute, because what is there now decides and not what has
 * changed. Only an account of an application that has the secret gets them. One thread.
 */
public final class AccountRelease implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(AccountRelease.class);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
  private static final int BATCH = 200;

  private final UnknownAccounts events;
  private final Accounts accounts;
  private final InstantSource clock;
  private final Periodic turns =
      new Periodic(
          "account-release",
          this::turn,
          failure ->
              DatabaseTrouble.logRepeated(
                  LOGGER, "webhooks of unknown accounts are looked at again later", failure));

  private Instant due = Instant.EPOCH;
  private volatile boolean changed;

  /**
   * @param clock this process's time
   */
  public AccountRelease(UnknownAccounts events, Accounts accounts, InstantSource clock) {
    this.events = events;
    this.accounts = accounts;
    this.clock = clock;
  }

  @Override
  public void start() {
    accounts.follow(set -> changed = true);
    turns.start(Duration.ZERO, LOOK_EVERY);
  }

  private void turn() {
    Instant now = clock.instant();
    // A clock that was set back must not make the minute an hour.
    boolean isDue = !now.isBefore(due) || due.isAfter(now.plus(EVERY));
    if (changed || isDue) {
      due = now.plus(EVERY);
      changed = false;
      release();
    }
  }

  /**
   * Releases all that can be now.
   *
   * @return how many events that are
   */
  long release() {
    List<Lane> lanes = events.lanes();
    if (lanes.isEmpty()) {
      return 0;
    }
    Secrets secrets = Secrets.of(accounts.current());
    long released = 0;
    for (Lane lane : lanes) {
      OptionalLong application = lane.applicationId();
      List<Account> owners =
          application.isEmpty() ? List.of() : owners(secrets, application.getAsLong());
      if (!owners.isEmpty()) {
        released += release(lane, owners);
      }
    }
    if (released > 0) {
      LOGGER.info("{} webhooks whose account was unknown are an account's now", released);
    }
    return released;
  }

  /**
   * The accounts that an application signs for, by id. Applications may have a secret in common,
   * and the lane names only the first of them.
   */
  private static List<Account> owners(Secrets secrets, long application) {
    Stream<Account> bySecret =
        secrets.of(application).stream().flatMap(key -> key.owners().stream());
    return Stream.concat(secrets.accounts().ownedBy(application).stream(), bySecret)
        .distinct()
        .sorted(Comparator.comparingLong(Account::id))
        .toList();
  }

  private long release(Lane lane, List<Account> owners) {
    Map<String, Long> bySeller = new HashMap<>();
    for (Account owner : owners) {
      if (owner.sellerId() != null) {
        bySeller.put(owner.sellerId(), owner.id());
      }
    }
    Long sole = owners.size() == 1 ? (Long) owners.get(0).id() : null;
    long released = 0;
    int batch;
    do {
      batch = events.release(lane, bySeller, sole, BATCH);
      released += batch;
    } while (batch == BATCH);
    return released;
  }

  @Override
  public void stop() throws InterruptedException {
    if (!turns.stop(STOP_WITHIN)) {
      LOGGER.warn("a release of webhooks hangs");
    }
  }
}
