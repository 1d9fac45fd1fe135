package dev.acuse.account;

import dev.acuse.account.seal.Keyring;
import dev.acuse.account.seal.Keys;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.QueryLimit;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The only door to accounts and applications. Each change is one transaction, one at a time, and
 * raises the version that other instances look at. What is handed out is as the environment has it,
 * which is never stored. Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if
 * the database is out of reach, and each that changes something {@link AccountProblem} if that is
 * refused; then nothing of it is done.
 */
public final class AccountStore {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Keys keys;
  private final EnvironmentAccount environment;
  private final BooleanSupplier olderInstances;
  private final List<AccountFollower> followers = new CopyOnWriteArrayList<>();
  private final Object rotation = new Object();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed
   * @param clock the database's time
   * @param olderInstances whether an instance is alive that knows no accounts
   */
  public AccountStore(
      Jdbi jdbi,
      InstantSource clock,
      Keys keys,
      EnvironmentAccount environment,
      BooleanSupplier olderInstances) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.keys = keys;
    this.environment = environment;
    this.olderInstances = olderInstances;
  }

  /** From now on this is told of each change, in its transaction, after those before it. */
  public void followedBy(AccountFollower follower) {
    followers.add(follower);
  }

  /** From now on this is called after each change, when it is committed. */
  void whenChanged(Runnable listener) {
    listeners.add(listener);
  }

  /** All of them as the database has them now. */
  public AccountSet load() {
    return environment.over(read().open(keys.ring()));
  }

  StoredSettings read() {
    return jdbi.inTransaction(
        handle -> QueryLimit.within(handle, () -> read(handle.attach(AccountDao.class))));
  }

  private static StoredSettings read(AccountDao dao) {
    // The version first: rows of a later change are read again, not missed.
    AccountDao.Settings settings = dao.settings();
    return new StoredSettings(
        settings.version(), settings.keyCheck(), dao.accounts(), dao.applications());
  }

  long version() {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(handle, () -> handle.attach(AccountDao.class).settings().version()));
  }

  Keys keys() {
    return keys;
  }

  EnvironmentAccount environment() {
    return environment;
  }

  /** {@link #add(String, AccountChange, AccountFollower)} with nothing alongside. */
  public Account add(String name, AccountChange values) {
    return add(name, values, AccountFollower.NONE);
  }

  /**
   * Makes an account, which is active at once.
   *
   * @param name for good: it is never given again
   * @param values what it is; without an application it belongs to that of {@code main}, and
   *     without a seller to the one that its access token names
   * @param alongside told as followers are
   */
  public Account add(String name, AccountChange values, AccountFollower alongside) {
    FieldRules.checkName(name);
    boolean older = olderInstances.getAsBoolean();
    return change(turn -> turn.accounts(alongside).add(name, values, older));
  }

  /** {@link #change(long, AccountChange, AccountFollower)} with nothing alongside. */
  public Account change(long id, AccountChange change) {
    return change(id, change, AccountFollower.NONE);
  }

  /**
   * Changes what is given of an account that isn't disconnected.
   *
   * @param alongside told as followers are
   */
  public Account change(long id, AccountChange change, AccountFollower alongside) {
    return change(turn -> turn.accounts(alongside).change(id, change));
  }

  /**
   * The same, and its state with it: both are done or neither is.
   *
   * @param state active or paused; null leaves it as it is
   */
  public Account change(
      long id, AccountChange change, @Nullable AccountState state, AccountFollower alongside) {
    return change(
        turn -> {
          AccountChanges changes = turn.accounts(alongside);
          Account changed = changes.change(id, change);
          return state == null ? changed : changes.setState(id, state);
        });
  }

  /** Stops the work on an account's events; its webhooks are stored. A second time is no change. */
  public Account pause(long id, AccountFollower alongside) {
    return change(turn -> turn.accounts(alongside).setState(id, AccountState.PAUSED));
  }

  /** Ends a pause. A second time is no change. */
  public Account resume(long id, AccountFollower alongside) {
    return change(turn -> turn.accounts(alongside).setState(id, AccountState.ACTIVE));
  }

  /**
   * Ends an account for good: its seller is free, its name is not, and its secrets are gone. A
   * second time is no change.
   */
  public Account disconnect(long id, AccountFollower alongside) {
    return change(turn -> turn.accounts(alongside).disconnect(id));
  }

  /**
   * Makes an application.
   *
   * @param name for good
   * @param alongside told as followers are
   */
  public Application addApplication(
      String name, ApplicationChange values, AccountFollower alongside) {
    FieldRules.checkName(name);
    return change(turn -> turn.applications(alongside).add(name, values));
  }

  /**
   * Changes what is given of an application that isn't hidden.
   *
   * @param alongside told as followers are
   */
  public Application changeApplication(
      long id, ApplicationChange change, AccountFollower alongside) {
    return change(turn -> turn.applications(alongside).change(id, change));
  }

  /** Hides an application to which no connected account belongs. A second time is no change. */
  public Application hideApplication(long id, AccountFollower alongside) {
    return change(turn -> turn.applications(alongside).hide(id));
  }

  /**
   * Seals every secret by the first key. Where the keys are those of a file, that gets a new first
   * key, and the older ones are dropped at the end. One rotation at a time, because the first key
   * that one keeps must not be that which another is about to seal by.
   *
   * @return how many secrets are sealed by another key than before
   */
  public int rotate() {
    synchronized (rotation) {
      return rotateAlone();
    }
  }

  private int rotateAlone() {
    String check = jdbi.withExtension(AccountDao.class, AccountDao::settings).keyCheck();
    if (check == null) {
      return 0;
    }
    Keyring unused = KeyCheck.toSeal(keys, check, null);
    boolean isFile = keys.addNew();
    int count = change(Turn::reseal);
    if (isFile) {
      keys.dropOlder();
    }
    return count;
  }

  /** How many secrets are sealed by each key, by the keys' ids. */
  public SortedMap<String, Integer> secretsByKey() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    read().sealed().forEach(secret -> counts.merge(Keyring.idOf(secret), 1, Integer::sum));
    return counts;
  }

  /** {@link #keyHint(Connection, Keys)} by the keys of this instance. */
  public @Nullable String keyHint(Connection connection) {
    return keyHint(connection, keys);
  }

  /**
   * What must be done with the keys where a database is moved to one without a key file.
   *
   * @param connection to it; it is not closed
   * @return a sentence; null if it holds no secrets
   */
  public static @Nullable String keyHint(Connection connection, Keys keys) {
    Jdbi jdbi = Jdbi.create(connection).installPlugin(new AcuseJdbiPlugin());
    return jdbi.withHandle(handle -> keyHint(read(handle.attach(AccountDao.class)), keys));
  }

  private static @Nullable String keyHint(StoredSettings settings, Keys keys) {
    if (!settings.holdsSecrets()) {
      return null;
    }
    return keys.isFileUsed()
        ? "Before the target is used, set ACUSE_KEY to what "
            + keys.file()
            + " holds: the secrets of accounts are sealed by it"
        : "The target needs the same ACUSE_KEY: the secrets of accounts are sealed by it";
  }

  private <T> T change(Function<Turn, T> change) {
    T result =
        jdbi.inTransaction(
            handle -> {
              Turn turn = new Turn(handle);
              T done = change.apply(turn);
              turn.end();
              return done;
            });
    listeners.forEach(Runnable::run);
    return result;
  }

  /**
   * Puts back what a broken database has lost, once: what the file holds is newer than what could
   * be read page by page.
   *
   * @param kept null if nothing was kept
   */
  void putBack(@Nullable StoredSettings kept) {
    Long next =
        jdbi.inTransaction(
            handle -> {
              AccountDao dao = handle.attach(AccountDao.class);
              if (dao.lock().version() >= 0) {
                return null;
              }
              if (kept != null) {
                dao.freeSellers();
                kept.applications().forEach(dao::insertAgain);
                kept.applications().forEach(dao::update);
                kept.accounts().forEach(dao::insertAgain);
                kept.accounts().forEach(dao::update);
                dao.setKeyCheck(kept.keyCheck());
              }
              dao.setVersion(kept == null ? 1 : kept.version() + 1, clock.instant());
              return 1 + largestId(dao);
            });
    if (next != null) {
      // Each a transaction of its own. The ids of rows that were put back must not be given again.
      jdbi.useHandle(
          handle -> {
            handle.execute("ALTER TABLE accounts ALTER COLUMN id RESTART WITH " + next);
            handle.execute("ALTER TABLE applications ALTER COLUMN id RESTART WITH " + next);
          });
    }
  }

  private static long largestId(AccountDao dao) {
    StoredSettings all = read(dao);
    long largest = 1;
    for (AccountRow row : all.accounts()) {
      largest = Math.max(largest, row.id());
    }
    for (ApplicationRow row : all.applications()) {
      largest = Math.max(largest, row.id());
    }
    return largest;
  }

  /** One change, which has the database's settings to itself. */
  final class Turn {
    private final Handle handle;
    private final AccountDao dao;
    private final long version;
    private @Nullable String keyCheck;
    private boolean isChanged;

    private Turn(Handle handle) {
      this.handle = handle;
      this.dao = handle.attach(AccountDao.class);
      AccountDao.Settings locked = dao.lock();
      this.version = locked.version();
      this.keyCheck = locked.keyCheck();
    }

    private AccountChanges accounts(AccountFollower alongside) {
      return new AccountChanges(this, alongside);
    }

    private ApplicationChanges applications(AccountFollower alongside) {
      return new ApplicationChanges(this, alongside);
    }

    Handle handle() {
      return handle;
    }

    AccountDao dao() {
      return dao;
    }

    InstantSource clock() {
      return clock;
    }

    EnvironmentAccount environment() {
      return environment;
    }

    StoredSettings stored() {
      return read(dao);
    }

    /** As it is so far. */
    AccountSet effective() {
      return environment.over(stored().open(keys.ring()));
    }

    /** The keys; the first time the database gets its key check. */
    Keyring sealing(String field) {
      Keyring ring = KeyCheck.toSeal(keys, keyCheck, field);
      if (keyCheck == null) {
        keyCheck = KeyCheck.seal(ring);
        dao.setKeyCheck(keyCheck);
        isChanged = true;
      }
      return ring;
    }

    Account changed(@Nullable Account before, long id, AccountFollower alongside) {
      isChanged = true;
      Account after = effective().byId(id).orElseThrow();
      followers.forEach(follower -> follower.changed(handle, before, after));
      alongside.changed(handle, before, after);
      return after;
    }

    Application applicationChanged(
        @Nullable Application before, long id, AccountFollower alongside) {
      isChanged = true;
      Application after = effective().application(id).orElseThrow();
      followers.forEach(follower -> follower.applicationChanged(handle, before, after));
      alongside.applicationChanged(handle, before, after);
      return after;
    }

    private int reseal() {
      Keyring ring = keys.ring();
      dao.setKeyCheck(KeyCheck.seal(ring));
      isChanged = true;
      int count = 0;
      StoredSettings all = stored();
      for (AccountRow row : all.accounts()) {
        AccountRow sealed = Rows.resealed(row, ring);
        count += differences(row.accessToken(), sealed.accessToken());
        count += differences(row.refreshToken(), sealed.refreshToken());
        count += differences(row.crmToken(), sealed.crmToken());
        dao.update(sealed);
      }
      for (ApplicationRow row : all.applications()) {
        ApplicationRow sealed = Rows.resealed(row, ring);
        count += differences(row.clientSecret(), sealed.clientSecret());
        count += differences(row.webhookSecrets(), sealed.webhookSecrets());
        dao.update(sealed);
      }
      return count;
    }

    private static int differences(@Nullable String one, @Nullable String other) {
      return Objects.equals(one, other) ? 0 : 1;
    }

    private void end() {
      if (isChanged) {
        dao.setVersion(version + 1, clock.instant());
      }
    }
  }
}
