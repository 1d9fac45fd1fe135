package dev.acuse.database.h2;

import dev.acuse.database.CallWatch;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.process.Periodic;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.zip.ZipOutputStream;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an H2 file whole and small, from before its first use until just before it is closed. H2
 * does neither by itself here: with {@code WRITE_DELAY=0} its own housekeeping is off, and it
 * overwrites what the latest commit has replaced though that commit may not be on the disk yet, so
 * that a power cut could find neither.
 *
 * <p>So space is given free only here, right after a sync and before any other commit. This class
 * uses H2's storage engine directly (2.5.252), because no SQL does it. Thread-safe.
 *
 * <p>A {@code WRITE_DELAY} above 0 would need no such class. But then a kill alone, without a power
 * cut, loses what was committed last: 5 to 15 of 32 recorded ends in a trial with 500 ms. Those
 * events would be processed again, and no number of workers would bound how many.
 */
public final class H2Maintenance implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2Maintenance.class);

  /** What the intake does not sync is synced no later than this. */
  private static final Duration EVERY = Duration.ofMillis(250);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  /** H2 leaves alone whatever is younger than this, in milliseconds. */
  private static final int KEEP_FOREVER = Integer.MAX_VALUE;

  private static final int ENOUGH_PERCENT = 90;
  private static final int ENOUGH_PERCENT_UNDER_LOAD = 50;
  private static final int REWRITE_BYTES = 4 << 20;
  private static final int MOVE_BYTES = 16 << 20;
  private static final int ROUNDS_AT_END = 20;

  /** H2 writes its header when it likes, and offers no way to ask for it. */
  private static final Method WRITE_HEADER = headerWriter();

  private final Jdbi jdbi;
  private final SyncFailure syncFailure;
  private final CallWatch calls;
  private final Predicate<Throwable> broken;
  private final Periodic rounds = new Periodic("h2-upkeep", this::watchedRun, this::failed);
  private long lastVersion = -1;
  private boolean settled;
  private @Nullable MVStore prepared;
  private int copies;

  /**
   * @param jdbi of an H2 file
   * @param calls knows of each round that is under way
   * @param broken is shown what fails, and sees to it if the file is broken
   */
  public H2Maintenance(
      Jdbi jdbi, SyncFailure syncFailure, CallWatch calls, Predicate<Throwable> broken) {
    this.jdbi = jdbi;
    this.syncFailure = syncFailure;
    this.calls = calls;
    this.broken = broken;
  }

  /**
   * Makes the first round now, and the last one after everything that is registered later has
   * stopped.
   *
   * @throws org.jdbi.v3.core.JdbiException if the file cannot be opened
   */
  public void manageIn(Environment environment) {
    run();
    environment.lifecycle().manage(this);
  }

  @Override
  public void start() {
    rounds.start(EVERY, EVERY);
  }

  private void watchedRun() {
    calls.watch(this::run);
  }

  private void failed(Throwable failure) {
    if (!broken.test(failure)) {
      DatabaseTrouble.logRepeated(
          LOGGER, "the H2 file was not looked after; it will be tried again", failure);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    if (rounds.stop(STOP_WITHIN)) {
      finish();
    }
  }

  /**
   * One round: syncs, gives free what is no longer needed, and packs what is sparsely filled; more
   * of it when nothing else is going on. Does nothing if nothing has changed.
   *
   * @return whether there may be more to do
   * @throws org.jdbi.v3.core.JdbiException if the database is out of reach
   * @throws org.h2.mvstore.MVStoreException if the file fails
   */
  public boolean run() {
    return jdbi.withHandle(this::round);
  }

  /**
   * Copies the file as it is at some moment of this call, while others go on to write. What a copy
   * may need is neither given free nor moved meanwhile; commits are synced all the same.
   *
   * @param out gets one entry more, whose name H2 chooses
   * @throws IOException if the file cannot be read, or {@code out} fails
   * @throws org.jdbi.v3.core.JdbiException if the database is out of reach
   */
  public void copyTo(ZipOutputStream out) throws IOException {
    copying(1);
    try {
      run();
      jdbi.<@Nullable Void, IOException>withHandle(
          handle -> {
            H2Copy.write(handle.getConnection(), out);
            return null;
          });
    } finally {
      copying(-1);
    }
  }

  private synchronized void copying(int more) {
    copies += more;
  }

  private synchronized boolean round(Handle handle) {
    MVStore store = H2Copy.storeOf(handle.getConnection());
    if (store != prepared) {
      H2LatestChunk.keep(store);
      prepared = store;
    }
    if (copies > 0) {
      syncFailure.watch(() -> handle.execute("CHECKPOINT SYNC"));
      return false;
    }
    boolean idle = store.getCurrentVersion() == lastVersion;
    if (idle && settled) {
      return false;
    }
    int before = store.getFillRate();
    boolean[] packed = new boolean[1];
    syncFailure.watch(
        () -> {
          handle.execute("CHECKPOINT SYNC");
          store.executeFilestoreOperation(() -> packed[0] = tidy(store, idle));
        });
    if (packed[0]) {
      handle.execute("CHECKPOINT");
    }
    settled = idle && !packed[0] && store.getFillRate() <= before;
    lastVersion = store.getCurrentVersion();
    return !settled;
  }

  /**
   * With all other writers locked out.
   *
   * @return whether something was packed, and waits to be written
   */
  private static boolean tidy(MVStore store, boolean idle) {
    FileStore<?> file = store.getFileStore();
    writeHeader(file);
    file.sync();
    file.setRetentionTime(0);
    try {
      file.dropUnusedChunks();
      if (idle && file instanceof RandomAccessStore one) {
        one.compactMoveChunks(ENOUGH_PERCENT, MOVE_BYTES, store);
      }
      return store.compact(idle ? ENOUGH_PERCENT : ENOUGH_PERCENT_UNDER_LOAD, REWRITE_BYTES);
    } finally {
      file.setRetentionTime(KEEP_FOREVER);
    }
  }

  /**
   * Makes the header name the latest chunk. It names an older one most of the time, and the way
   * from there to the latest leads through all in between: if one of those were overwritten before
   * a newer header is on the disk, what came after it would be lost in a power cut.
   */
  private static void writeHeader(FileStore<?> file) {
    try {
      WRITE_HEADER.invoke(file);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the file's header could not be written", e);
    }
  }

  private static Method headerWriter() {
    try {
      Method method = RandomAccessStore.class.getDeclaredMethod("writeStoreHeader");
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What is left to do before the file is closed, within bounds. */
  void finish() {
    for (int round = 0; round < ROUNDS_AT_END && run(); round++) {
      settled = false;
    }
  }
}
