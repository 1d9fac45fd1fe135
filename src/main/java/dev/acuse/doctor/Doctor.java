package dev.acuse.doctor;

import dev.acuse.process.Causes;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.SetupException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has all checks look, beside each other. One that fails or hangs is a finding, and keeps no other
 * from looking.
 */
public final class Doctor {
  private static final Logger LOGGER = LoggerFactory.getLogger(Doctor.class);

  private final List<Check> checks;
  private final Duration patience;

  /**
   * @param patience how long all of them together may take
   */
  public Doctor(List<Check> checks, Duration patience) {
    this.checks = List.copyOf(checks);
    this.patience = patience;
  }

  /** What all have found, in their order. */
  public List<Finding> look() {
    ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.numbered("doctor"));
    try {
      long end = System.nanoTime() + patience.toNanos();
      List<Future<List<Finding>>> looks =
          checks.stream().map(check -> threads.submit(() -> look(check))).toList();
      List<Finding> all = new ArrayList<>();
      for (int i = 0; i < looks.size(); i++) {
        all.addAll(await(checks.get(i), looks.get(i), end - System.nanoTime()));
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Finding> await(Check check, Future<List<Finding>> look, long nanos) {
    try {
      return look.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      look.cancel(true);
      return List.of(
          Finding.wrong(
              check.name(), "it did not come to an end within " + patience.toSeconds() + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(Finding.wrong(check.name(), "the doctor was interrupted"));
    } catch (ExecutionException e) {
      return List.of(failed(check, e));
    }
  }

  // A check that cannot be made, for whatever reason, is what its reader wants to know.
  @SuppressWarnings("CatchingUnchecked")
  private static List<Finding> look(Check check) {
    try {
      return check.look().look();
    } catch (Exception | LinkageError e) {
      FatalErrors.haltOn(e);
      return List.of(failed(check, e));
    }
  }

  private static Finding failed(Check check, Throwable failure) {
    LOGGER.debug("the check {} failed", check.name(), failure);
    return Finding.wrong(check.name(), "it cannot be told: " + reason(failure));
  }

  /** Texts of other exceptions are not known to hold no secret. */
  private static String reason(Throwable failure) {
    String said =
        Causes.first(
            failure,
            cause ->
                cause instanceof SetupException || cause instanceof SQLException
                    ? cause.getMessage()
                    : null);
    return said == null ? Causes.root(failure).getClass().getSimpleName() : said;
  }
}
