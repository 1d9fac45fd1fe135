package dev.acuse.alert;

import dev.acuse.condition.Condition;
import dev.acuse.condition.PassingConditions;
import dev.acuse.condition.Problem;
import dev.acuse.condition.Reading;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.Periodic;
import dev.acuse.remote.RemoteException;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether something is wrong, and tells people when it begins and when it ends.
 * What is to be told is stored first and tried until it is delivered; only while the database is
 * out is it told straight away. One thread; it outlives every exception.
 */
public final class AlertLoop implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(AlertLoop.class);

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(10);
  private static final Duration WORTH_TELLING = Duration.ofDays(3);
  private static final int AT_ONCE = 20;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(12);

  private final AlertStore store;
  private final @Nullable SlackWebhook webhook;
  private final Supplier<List<Condition>> conditions;
  private final List<PassingConditions> passing;
  private final Supplier<Reading> inbox;
  private final Duration every;
  private final InstantSource clock;
  private final Set<String> toldStraightAway = new HashSet<>();
  private final Periodic turns = new Periodic("alerts", this::turn);

  /** With conditions that stay the same. */
  AlertLoop(
      AlertStore store,
      @Nullable SlackWebhook webhook,
      List<Condition> conditions,
      Supplier<Reading> inbox,
      Duration every,
      InstantSource clock) {
    this(store, webhook, () -> conditions, List.of(), inbox, every, clock);
  }

  /**
   * @param webhook null if there is no address: alerts are then only stored
   * @param conditions those of now
   * @param passing those that come and go
   * @param inbox reads what it holds now
   * @param clock the database's time
   */
  AlertLoop(
      AlertStore store,
      @Nullable SlackWebhook webhook,
      Supplier<List<Condition>> conditions,
      List<PassingConditions> passing,
      Supplier<Reading> inbox,
      Duration every,
      InstantSource clock) {
    this.store = store;
    this.webhook = webhook;
    this.conditions = conditions;
    this.passing = List.copyOf(passing);
    this.inbox = inbox;
    this.every = every;
    this.clock = clock;
  }

  @Override
  public void start() {
    turns.start(every, every);
  }

  /** Looks at all, and delivers what is due. */
  void turn() {
    // Read once for all, because with a thousand accounts there are thousands of conditions.
    Supplier<Reading> read = once(inbox);
    Predicate<String> isOpen = open();
    for (Condition condition : conditions.get()) {
      guarded(() -> look(condition, read, isOpen));
    }
    for (PassingConditions some : passing) {
      guarded(() -> look(some));
    }
    guarded(this::deliver);
  }

  private static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      DatabaseTrouble.logRepeated(LOGGER, "alerts are looked at again later", e);
    }
  }

  /** Reads at the first call and not again, unless that failed. */
  private static Supplier<Reading> once(Supplier<Reading> inbox) {
    var latest = new AtomicReference<@Nullable Reading>();
    return () -> {
      Reading known = latest.get();
      Reading reading = known == null ? inbox.get() : known;
      latest.set(reading);
      return reading;
    };
  }

  /** Which alerts may be open; any, if the database does not say. */
  private Predicate<String> open() {
    try {
      return store.openKeys()::contains;
    } catch (RuntimeException e) {
      LOGGER.debug("which alerts are open is not known", e);
      return any -> true;
    }
  }

  /** Looks at one thing, and stores what is to be told. */
  void look(Condition condition) {
    look(condition, inbox, any -> true);
  }

  private void look(Condition condition, Supplier<Reading> read, Predicate<String> isOpen) {
    Problem problem = condition.look(read);
    if (problem == null) {
      if (isOpen.test(condition.key())) {
        store.settle(condition);
      }
      toldStraightAway.remove(condition.key());
      return;
    }
    String words = problem.sentence();
    LOGGER.debug("{}: {}", condition.key(), words);
    try {
      store.raise(condition, words, toldStraightAway.contains(condition.key()));
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.isOutage(e)) {
        throw e;
      }
      tellStraightAway(condition, words);
    }
  }

  /**
   * Tells of what has come, and has gone what is listed no more. Which alerts are open is read
   * first: one that another instance raises meanwhile must not go by a list from before.
   */
  void look(PassingConditions some) {
    Map<String, Boolean> open = store.open(some.kinds());
    Set<String> standing = new HashSet<>();
    for (Condition condition : some.now()) {
      standing.add(condition.key());
      if (!open.getOrDefault(condition.key(), false)) {
        guarded(() -> comes(condition));
      }
    }
    for (String key : open.keySet()) {
      if (!standing.contains(key)) {
        store.drop(key);
      }
    }
  }

  private void comes(Condition condition) {
    Problem problem = condition.look(inbox);
    if (problem != null) {
      store.raiseOnce(condition, problem.sentence());
    }
  }

  private void tellStraightAway(Condition condition, String words) {
    if (webhook == null || toldStraightAway.contains(condition.key())) {
      return;
    }
    try {
      webhook.post(words);
      toldStraightAway.add(condition.key());
    } catch (RemoteException e) {
      LOGGER.warn("an alert could not be delivered: {}", e.getMessage());
    }
  }

  /** Delivers what is due, a few at once. */
  void deliver() {
    for (int i = 0; i < AT_ONCE && webhook != null; i++) {
      Optional<AlertDao.Message> message = store.claim(LEASE);
      if (message.isEmpty()) {
        return;
      }
      deliver(webhook, message.get());
    }
  }

  private void deliver(SlackWebhook to, AlertDao.Message message) {
    if (message.createdAt().plus(WORTH_TELLING).isBefore(clock.instant())) {
      LOGGER.warn("alert message {} is given up: it is three days old", message.id());
      store.giveUp(message.id());
      return;
    }
    try {
      to.post(message.text());
      store.sent(message.id());
    } catch (RemoteException e) {
      String reason = String.valueOf(e.getMessage());
      LOGGER.warn("alert message {} could not be delivered: {}", message.id(), reason);
      Duration longer = FIRST_BACK_OFF.multipliedBy(1L << Math.min(20, message.attempts()));
      store.failed(
          message.id(), reason, longer.compareTo(LONGEST_BACK_OFF) < 0 ? longer : LONGEST_BACK_OFF);
    }
  }

  /** Whether there is an address to deliver to. */
  boolean hasWebhook() {
    return webhook != null;
  }

  @Override
  public void stop() throws InterruptedException {
    if (!turns.stop(STOP_WITHIN)) {
      LOGGER.warn("an alert hangs; it is delivered by the next process");
    }
  }
}
