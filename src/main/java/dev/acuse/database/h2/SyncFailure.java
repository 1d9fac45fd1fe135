package dev.acuse.database.h2;

import dev.acuse.process.Causes;
import org.h2.mvstore.MVStoreException;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers that the disk under an H2 file failed to sync. A second sync that succeeds proves
 * nothing (the kernel forgets what it failed to write), so nothing may be acknowledged by this
 * database again until a new process has read what is really there. Thread-safe.
 */
public final class SyncFailure {
  private static final Logger LOGGER = LoggerFactory.getLogger(SyncFailure.class);

  private final Runnable onFailed;
  private volatile @Nullable Throwable failure;

  /**
   * @param onFailed told once; must not block
   */
  public SyncFailure(Runnable onFailed) {
    this.onFailed = onFailed;
  }

  /**
   * Insists that no sync has failed so far.
   *
   * @throws ConnectionException if one has: the database is out for whoever asks
   */
  public void check() {
    Throwable earlier = failure;
    if (earlier != null) {
      throw new ConnectionException(earlier);
    }
  }

  /** Runs what syncs, and remembers it if the sync fails. */
  public void watch(Runnable sync) {
    check();
    try {
      sync.run();
    } catch (RuntimeException e) {
      if (Causes.any(e, SyncFailure::isFailedSync)) {
        remember(e);
      }
      throw e;
    }
  }

  private synchronized void remember(Throwable cause) {
    if (failure == null) {
      failure = cause;
      LOGGER.error("the database's disk failed to sync: nothing is stored in it any more", cause);
      onFailed.run();
    }
  }

  /** H2 has no error code of its own for it. */
  private static boolean isFailedSync(Throwable cause) {
    return cause instanceof MVStoreException
        && String.valueOf(cause.getMessage()).startsWith("Could not sync");
  }
}
