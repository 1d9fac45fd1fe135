package dev.acuse.intake;

import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.account.Accounts.Reading;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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

  /** Between two readings of the accounts, because any stranger can ask. */
  private static final long ONCE_IN_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Accounts accounts;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("account-addresses"));

  /** The reading that has not begun yet, so that it tells what is there when it is asked for. */
  private @Nullable CompletableFuture<@Nullable Reading> next;

  private int waiting;
  private long begunAt = System.nanoTime() - ONCE_IN_NANOS;

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

  /**
   * Reads the accounts anew, as far as that can be done in time; never fails. Those who ask within
   * a second wait for one reading.
   */
  CompletableFuture<@Nullable Reading> read() {
    return joined().copy().completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized CompletableFuture<@Nullable Reading> joined() {
    CompletableFuture<@Nullable Reading> known = next;
    if (known == null) {
      known = new CompletableFuture<>();
      next = known;
      waiting = 0;
      long wait = Math.max(0, begunAt + ONCE_IN_NANOS - System.nanoTime());
      var unused = thread.schedule(this::readNow, wait, TimeUnit.NANOSECONDS);
    }
    waiting++;
    return waiting > MOST_WAITING ? CompletableFuture.completedFuture(null) : known;
  }

  private synchronized CompletableFuture<@Nullable Reading> begun() {
    CompletableFuture<@Nullable Reading> begun = Objects.requireNonNull(next, "it was asked for");
    next = null;
    begunAt = System.nanoTime();
    return begun;
  }

  private void readNow() {
    CompletableFuture<@Nullable Reading> begun = begun();
    @Nullable Reading reading = null;
    try {
      reading = accounts.fresh();
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.debug("the accounts cannot be read", e);
    }
    begun.complete(reading);
  }
}
