package dev.acuse.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators have done to many at once, one such job after the other. Thread-safe. */
final class BulkJobs {
  private static final Logger LOGGER = LoggerFactory.getLogger(BulkJobs.class);
  private static final int MOST_REMEMBERED = 1000;

  private final Executor executor;

  /** Jobs by the key of the form that began them: a form that is sent twice is one job. */
  private final Map<String, Long> begun =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * @param executor runs one job at a time
   */
  BulkJobs(Executor executor) {
    this.executor = executor;
  }

  /**
   * A job that is written down in the audit and not carried out yet.
   *
   * @param action its id in the audit
   * @param run carries it out, and answers how many it changed
   */
  record Job(long action, LongSupplier run) {}

  /**
   * Begins a job, unless the form has begun one.
   *
   * @param once the form's key
   * @return the id of the job's action in the audit
   */
  synchronized long begin(String once, Supplier<Job> planned) {
    Long before = begun.get(once);
    if (before != null) {
      return before;
    }
    Job job = planned.get();
    begun.put(once, job.action());
    executor.execute(() -> run(job));
    return job.action();
  }

  private static void run(Job job) {
    try {
      long changed = job.run().getAsLong();
      LOGGER.debug("action {} changed {}", job.action(), changed);
    } catch (RuntimeException e) {
      // What is done is done; the rest can be asked for again.
      LOGGER.error("the retry of many, action {}, broke off", job.action(), e);
    }
  }
}
