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
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
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
   * @param age how long it is kept, where that is a setting of its own; zero for ever; null if it
   *     is kept as long as all the rest
   */
  public record Purge(String what, ToLongFunction<Duration> delete, @Nullable Duration age) {

    /** Of what is kept as long as all the rest. */
    public Purge(String what, ToLongFunction<Duration> delete) {
      this(what, delete, null);
    }

    /** Events that went well or had nothing to do. */
    public static Purge events(EventOperations operations) {
      return new Purge("events", age -> operations.purge(age, ENDED));
    }

    /** Events that have carried effects out: what was done stays in the effects' own rows. */
    public static Purge effects(EventOperations operations, RetentionConfiguration config) {
      return new Purge(
          "events of effects", age -> operations.purgeEffects(age, ENDED), config.effects());
    }

    private boolean isOn(RetentionConfiguration config) {
      return age == null ? !config.isOff() : !age.isZero();
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
    List<Purge> on = purges.stream().filter(purge -> purge.isOn(config)).toList();
    if (!on.isEmpty()) {
      environment.lifecycle().manage(new Retention(on, config.age()));
    }
  }

  @Override
  public void start() {
    turns.start(FIRST_AFTER, EVERY);
  }

  private void purge() {
    purge(purges, age);
  }

  /** Deletes what ended longer ago than that, or than its own age. */
  static void purge(List<Purge> purges, Duration age) {
    Map<String, Long> deleted = new LinkedHashMap<>();
    for (Purge purge : purges) {
      Duration its = Objects.requireNonNullElse(purge.age(), age);
      deleted.put(
          "%s of more than %d days ago".formatted(purge.what(), its.toDays()),
          purge.delete().applyAsLong(its));
    }
    if (deleted.values().stream().anyMatch(count -> count > 0)) {
      LOGGER.info("retention: deleted is {}", deleted);
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
