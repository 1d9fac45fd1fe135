package dev.acuse.access;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows a key of the API by its hash. A key that was read is good for seconds, and for minutes
 * while the database is out. Guesses are looked up two at a time, so that a flood of them takes no
 * more connections. Thread-safe.
 */
public final class KeyRing implements KnownKeys, Managed {
  /** As long as a revocation by another instance may go unnoticed. */
  static final Duration FRESH = Duration.ofSeconds(3);

  /** As long as a key is known without the database. */
  static final Duration OUTAGE = Duration.ofMinutes(5);

  /** A key's last use is written no more often than this. */
  static final Duration USE_EVERY = Duration.ofMinutes(1);

  private static final Duration FLUSH_EVERY = Duration.ofSeconds(5);
  private static final int LOOK_UPS = 2;
  private static final long PATIENCE_MILLIS = 1_000;

  private static final Logger LOGGER = LoggerFactory.getLogger(KeyRing.class);

  private final KeyStore store;
  private final InstantSource clock;
  private final Semaphore lookUps = new Semaphore(LOOK_UPS);
  private final Periodic writer;

  /** By their hashes; only keys that there are. */
  private final Map<String, Held> known = new ConcurrentHashMap<>();

  private final Map<Long, Instant> written = new ConcurrentHashMap<>();
  private final Map<Long, Instant> due = new ConcurrentHashMap<>();

  /** Grows with each revocation: what was read before it is not kept after it. */
  private long revocations;

  /** A key as it was read. */
  private record Held(ApiKey key, Instant at) {
    boolean isWithin(Duration age, Instant now) {
      return !now.isBefore(at) && now.isBefore(at.plus(age));
    }
  }

  /**
   * @param clock the database's time
   */
  public KeyRing(KeyStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.writer =
        new Periodic(
            "key-uses",
            this::writeUses,
            failure ->
                DatabaseTrouble.logRepeated(
                    LOGGER, "the last use of API keys is written down later", failure));
    store.onRevoked(this::forget);
  }

  @Override
  public Finding find(String sent) {
    if (!KeySecret.isOne(sent)) {
      return Finding.UNKNOWN;
    }
    Instant now = clock.instant();
    Finding finding = finding(look(KeySecret.hash(sent), now), now);
    ApiKey key = finding.key();
    if (finding.verdict() == Verdict.GOOD && key != null) {
      noteUse(key, now);
    }
    return finding;
  }

  private static Finding finding(Look look, Instant now) {
    ApiKey key = look.key();
    if (look.isBusy()) {
      return Finding.BUSY;
    }
    if (key == null) {
      return Finding.UNKNOWN;
    }
    if (key.revokedAt() != null) {
      return new Finding(Verdict.REVOKED, key);
    }
    Instant expiresAt = key.expiresAt();
    return new Finding(
        expiresAt != null && !now.isBefore(expiresAt) ? Verdict.EXPIRED : Verdict.GOOD, key);
  }

  /**
   * What a look has found.
   *
   * @param isBusy there was no turn to look
   */
  private record Look(@Nullable ApiKey key, boolean isBusy) {}

  private Look look(String hash, Instant now) {
    Held held = known.get(hash);
    if (held != null && held.isWithin(FRESH, now)) {
      return new Look(held.key(), false);
    }
    Held spare = held != null && held.isWithin(OUTAGE, now) ? held : null;
    // The holder of a key that is known waits for no turn: the others' looks may hang.
    if (!hasTurn(spare == null)) {
      return spare == null ? new Look(null, true) : new Look(spare.key(), false);
    }
    try {
      return new Look(read(hash, now), false);
    } catch (RuntimeException e) {
      if (spare == null || !DatabaseTrouble.isOutage(e)) {
        throw e;
      }
      LOGGER.debug("an API key is taken as it was known, because the database is out", e);
      return new Look(spare.key(), false);
    } finally {
      lookUps.release();
    }
  }

  private boolean hasTurn(boolean waits) {
    try {
      return waits
          ? lookUps.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          : lookUps.tryAcquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private @Nullable ApiKey read(String hash, Instant now) {
    long before = revocations();
    ApiKey key = store.find(hash).orElse(null);
    keep(hash, key, now, before);
    return key;
  }

  private synchronized long revocations() {
    return revocations;
  }

  private synchronized void keep(String hash, @Nullable ApiKey key, Instant at, long before) {
    if (key == null) {
      known.remove(hash);
    } else if (before == revocations) {
      known.put(hash, new Held(key, at));
    }
  }

  private synchronized void forget() {
    revocations++;
    known.clear();
  }

  private void noteUse(ApiKey key, Instant now) {
    Instant last = written.getOrDefault(key.id(), key.lastUsedAt());
    if (last == null || !now.isBefore(last.plus(USE_EVERY))) {
      due.put(key.id(), now);
    }
  }

  /** Writes down the last uses that are due. */
  void writeUses() {
    Map<Long, Instant> uses = new HashMap<>(due);
    if (uses.isEmpty()) {
      return;
    }
    store.used(uses);
    written.putAll(uses);
    uses.forEach(due::remove);
  }

  @Override
  public void start() {
    writer.start(FLUSH_EVERY, FLUSH_EVERY);
  }

  /** Writes what is due first. */
  @Override
  public void stop() {
    writer.stop();
    writer.runOnce();
  }
}
