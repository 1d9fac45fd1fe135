package dev.acuse.database.h2;

import java.lang.reflect.Method;
import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an H2 file whole and small while it is in use. H2 does neither by itself here: with {@code
 * WRITE_DELAY=0} its own housekeeping is off, and it overwrites what the latest commit has replaced
 * though that commit may not be on the disk yet, so that a power cut could find neither.
 *
 * <p>So space is given free only here, right after a sync and before any other commit. Uses H2's
 * storage engine directly (2.5.252), for which there is no SQL. One thread at a time.
 */
public final class H2Upkeep {
  /** How often {@link #run} is due: what is not synced by the intake is so no later than this. */
  public static final int EVERY_MILLIS = 250;

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
  private long lastVersion = -1;
  private boolean settled;
  private @Nullable MVStore prepared;

  /**
   * @param jdbi of an H2 file
   */
  public H2Upkeep(Jdbi jdbi, SyncFailure syncFailure) {
    this.jdbi = jdbi;
    this.syncFailure = syncFailure;
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

  private boolean round(Handle handle) {
    MVStore store = storeOf(handle);
    if (store != prepared) {
      H2LatestChunk.keep(store);
      prepared = store;
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
  public void finish() {
    for (int round = 0; round < ROUNDS_AT_END && run(); round++) {
      settled = false;
    }
  }

  private static MVStore storeOf(Handle handle) {
    try {
      var connection = handle.getConnection().unwrap(JdbcConnection.class);
      return ((SessionLocal) connection.getSession()).getDatabase().getStore().getMvStore();
    } catch (SQLException e) {
      throw new IllegalStateException("this is no connection to H2", e);
    }
  }
}
