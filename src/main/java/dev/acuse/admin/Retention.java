package dev.acuse.admin;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.EventStatus;
import dev.acuse.inbox.EventOperations;
import dev.acuse.process.Periodic;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what ended long ago, in small batches: events that went well or had nothing to do, with
 * their attempts; comparisons with MercadoPago whose findings are healed; alerts that are over.
 * Never an event that failed or is in quarantine: nobody has settled it. One thread; it outlives
 * every exception.
 */
public final class Retention implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);
  private static final Duration FIRST_AFTER = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  /**
   * One kind of what ends.
   *
   * @param what in the plural, for the log
   * @param delete deletes what ended longer ago than it is given, and says how much that was
   */
  public record Purge(String what, ToLongFunction<Duration> delete) {

    /** Events that went well or had nothing to do. */
    public static Purge events(EventOperations operations) {
      return new Purge("events", age -> operations.purge(age, ENDED));
    }
  }

  private static final Set<EventStatus> ENDED = Set.of(EventStatus.SUCCESS, EventStatus.IGNORED);

  private final List<Purge> purges;
  private final Duration age;
  private final Periodic turns =
      new Periodic(
          "retention",
          this::purge,
          failure -> DatabaseTrouble.logRepeated(LOGGER, "what is old is deleted later", failure));

  private Retention(List<Purge> purges, Duration age) {
    this.purges = purges;
    this.age = age;
  }

  /** Runs these with the application, in this order, unless everything is kept. */
  public static void install(
      Environment environment, RetentionConfiguration config, List<Purge> purges) {
    if (!config.isOff()) {
      environment.lifecycle().manage(new Retention(purges, config.age()));
    }
  }

  @Override
  public void start() {
    turns.start(FIRST_AFTER, EVERY);
  }

  private void purge() {
    purge(purges, age);
  }

  /** Deletes what ended longer ago than that. */
  static void purge(List<Purge> purges, Duration age) {
    Map<String, Long> deleted = new LinkedHashMap<>();
    purges.forEach(purge -> deleted.put(purge.what(), purge.delete().applyAsLong(age)));
    if (deleted.values().stream().anyMatch(count -> count > 0)) {
      LOGGER.info(
          "retention: of what ended more than {} days ago is deleted: {}", age.toDays(), deleted);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    // A batch is short, and the rest has ended: its pace is stopped by now.
    if (!turns.stop(STOP_WITHIN)) {
      LOGGER.warn("old events are still being deleted");
    }
  }
}
