package dev.acuse.account;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts as this instance knows them: the database's, with the environment laid over {@code
 * main}. The version of them is looked at every few seconds, and after each change of this
 * instance. While the database is out they are those of the file that is written after each change.
 * Never fails because of the database.
 */
public final class LiveAccounts implements Accounts, Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(LiveAccounts.class);

  /** How often the version is looked at. */
  public static final Duration EVERY = Duration.ofSeconds(2);

  /** A database that has just failed is not asked again at once. */
  private static final long AFTER_FAILURE_NANOS = Duration.ofSeconds(1).toNanos();

  /** For a look that is under way already: a database that hangs must not hold up webhooks. */
  private static final long PATIENCE_MILLIS = 500;

  private final AccountStore store;
  private final @Nullable SettingsFile file;
  private final Duration every;
  private final LongSupplier nanos;
  private final Periodic looks = new Periodic("accounts", this::look);
  private final List<Consumer<AccountSet>> followers = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile AccountSet current;
  private volatile boolean isKnown;
  private volatile @Nullable String keyTrouble;
  private @Nullable StoredSettings stored;
  private boolean isOfDatabase;
  private boolean isAsked;
  private boolean isAnswered;
  private long askedAt;

  /**
   * Knows what the file holds at once; the database is asked by {@link #look}, or when this starts.
   *
   * @param file what was read last; null if it isn't kept
   * @param every how often the version is looked at
   * @param nanos a time that only goes on
   */
  public LiveAccounts(AccountStore store, @Nullable Path file, Duration every, LongSupplier nanos) {
    this.store = store;
    this.file = file == null ? null : new SettingsFile(file);
    this.every = every;
    this.nanos = nanos;
    this.current = store.environment().alone();
    store.whenChanged(this::look);
    StoredSettings kept = this.file == null ? null : this.file.read(store.keys().ring());
    if (kept != null) {
      take(kept);
    }
  }

  @Override
  public void start() {
    looks.start(Duration.ZERO, every);
  }

  @Override
  public void stop() {
    looks.stop();
  }

  @Override
  public AccountSet current() {
    return current;
  }

  @Override
  public boolean isKnown() {
    return isKnown;
  }

  /** Why secrets cannot be opened or sealed, as a line; null if they can. */
  public @Nullable String keyTrouble() {
    return keyTrouble;
  }

  @Override
  public Reading fresh() {
    long called = nanos.getAsLong();
    try {
      if (!lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        return new Reading(current, false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reading(current, false);
    }
    try {
      if (isDue(called)) {
        look();
      }
      return new Reading(current, isAnswered);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What another has read since does as well; one that has read before may have missed a change.
   */
  private boolean isDue(long called) {
    return !isAsked
        || (isAnswered
            ? askedAt - called <= 0
            : nanos.getAsLong() - askedAt >= AFTER_FAILURE_NANOS);
  }

  @Override
  public void follow(Consumer<AccountSet> follower) {
    lock.lock();
    try {
      followers.add(follower);
      tell(follower);
    } finally {
      lock.unlock();
    }
  }

  /** Asks the database now. */
  public void look() {
    lock.lock();
    try {
      long begin = nanos.getAsLong();
      isAnswered = read();
      isAsked = true;
      // One that failed may have taken long; the next is not asked for at once.
      askedAt = isAnswered ? begin : nanos.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  private boolean read() {
    try {
      long version = store.version();
      if (version < 0) {
        putBack();
        version = store.version();
      }
      StoredSettings known = stored;
      if (!isOfDatabase || known == null || known.version() != version) {
        StoredSettings read = store.read();
        take(read);
        isOfDatabase = true;
        if (file != null) {
          keep(file, read);
        }
      }
      return true;
    } catch (RuntimeException e) {
      DatabaseTrouble.logRepeated(LOGGER, "the accounts are read later", e);
      return false;
    }
  }

  private void putBack() {
    SettingsFile kept = file;
    StoredSettings settings = kept == null ? null : kept.read(store.keys().ring());
    store.putBack(settings);
    if (settings == null) {
      LOGGER.error(
          "the accounts could not all be read from the broken database, and no file holds them:"
              + " look whether each is there, and set again what is missing");
    } else {
      LOGGER.warn(
          "the accounts could not all be read from the broken database: they are what their file"
              + " holds");
    }
  }

  /** By keys that don't fit a file would be of no use to those that do. */
  private void keep(SettingsFile kept, StoredSettings read) {
    if (keyTrouble == null || store.keys().ring().isEmpty()) {
      kept.write(read, store.keys().ring());
    }
  }

  private void take(StoredSettings read) {
    tellOfKeys(KeyCheck.trouble(store.keys(), read.keyCheck()));
    if (read.equals(stored)) {
      return;
    }
    stored = read;
    current = store.environment().over(read.open(store.keys().ring()));
    isKnown = true;
    followers.forEach(this::tell);
  }

  private void tellOfKeys(@Nullable String trouble) {
    if (trouble != null && !trouble.equals(keyTrouble)) {
      LOGGER.error(
          "the secrets of accounts cannot be opened or sealed, and webhooks are stored all the same:"
              + " {}",
          trouble);
    }
    keyTrouble = trouble;
  }

  private void tell(Consumer<AccountSet> follower) {
    try {
      follower.accept(current);
    } catch (RuntimeException e) {
      LOGGER.error("a change of the accounts was not followed", e);
    }
  }
}
