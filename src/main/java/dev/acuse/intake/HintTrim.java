package dev.acuse.intake;

import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has hints that came to nothing deleted from time to time: as many as quarantine may not hold. In
 * a thread of its own, because it looks at all of them, and no webhook is to wait for that.
 * Thread-safe.
 */
final class HintTrim {
  private static final Logger LOGGER = LoggerFactory.getLogger(HintTrim.class);
  private static final int EVERY = 500;

  private final LongToIntFunction trim;
  private final Set<Long> accounts = ConcurrentHashMap.newKeySet();
  private final AtomicInteger since = new AtomicInteger(EVERY - 1);
  private final Executor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(1),
          DaemonThreads.named("hint-trim"),
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param trim deletes what an account has too much, and says how many; may use the database
   */
  HintTrim(LongToIntFunction trim) {
    this.trim = trim;
  }

  /** One more of an account is taken. */
  void taken(long accountId) {
    accounts.add(accountId);
    if (since.incrementAndGet() >= EVERY) {
      since.set(0);
      thread.execute(this::trim);
    }
  }

  private void trim() {
    try {
      int trimmed = 0;
      for (Long account : List.copyOf(accounts)) {
        accounts.remove(account);
        trimmed += trim.applyAsInt(account);
      }
      if (trimmed > 0) {
        LOGGER.info("{} unverified events that came to nothing are deleted", trimmed);
      }
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.warn("unverified events that came to nothing are deleted later: {}", e.toString());
    }
  }
}
