package dev.acuse.intake;

import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.account.Accounts.Reading;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which accounts there are, as far as addresses name them. That there is none of a name is said
 * only after the accounts were read anew, in a thread of its own: another instance may have made it
 * a moment ago. Thread-safe.
 */
final class AccountAddresses {
  private static final Logger LOGGER = LoggerFactory.getLogger(AccountAddresses.class);
  private static final int MOST_WAITING = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Accounts accounts;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          DaemonThreads.named("account-addresses"));

  /** What is known of a name. */
  enum Found {
    /** There is such an account, whatever its state. */
    YES,
    /** There is none, which was read just now. */
    NO,
    /** None is known, and the database does not say. */
    UNSURE
  }

  AccountAddresses(Accounts accounts) {
    this.accounts = accounts;
  }

  /**
   * Whether there is such an account as far as is known; without I/O.
   *
   * @param name null for the address that all share
   */
  boolean isKnown(@Nullable String name) {
    return name == null || accounts.current().byName(name).isPresent();
  }

  /**
   * Finds out about an account that {@link #isKnown} does not know.
   *
   * @return never fails; is completed by the thread that reads, or by one that all of the virtual
   *     machine's time-outs have in common, so that what depends on it must go elsewhere
   */
  CompletableFuture<Found> find(String name) {
    return read().thenApply(reading -> found(name, reading));
  }

  private static Found found(String name, @Nullable Reading reading) {
    if (reading == null) {
      return Found.UNSURE;
    }
    AccountSet now = reading.accounts();
    if (now.byName(name).isPresent()) {
      return Found.YES;
    }
    return reading.isFresh() ? Found.NO : Found.UNSURE;
  }

  /** Reads the accounts anew, as far as that can be done in time; never fails. */
  CompletableFuture<@Nullable Reading> read() {
    try {
      return CompletableFuture.<@Nullable Reading>supplyAsync(this::readNow, thread)
          .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private @Nullable Reading readNow() {
    try {
      return accounts.fresh();
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.debug("the accounts cannot be read", e);
      return null;
    }
  }
}
