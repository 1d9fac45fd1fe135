package dev.acuse.intake;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.inbox.IntakeTally;
import dev.acuse.inbox.Ledger;
import dev.acuse.inbox.LiveInstance;
import dev.acuse.inbox.RunMark;
import dev.acuse.intake.spool.Spool;
import dev.acuse.process.BackOff;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what this instance has answered for against what is there of it, over and over. One thread;
 * while the database is out it waits. Thread-safe.
 */
public final class BookKeeper implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(BookKeeper.class);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** Counting must not be what a large inbox is busy with. */
  private static final int IDLE_TIMES = 20;

  /** After a failure. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private static final int RUNS = 100;

  /** Where no spool's lock tells that a process is gone. */
  private static final Duration DEAD_AFTER = Duration.ofMinutes(2);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private static final Duration COUNT_EVERY = Duration.ofSeconds(5);

  private final Supplier<@Nullable RunMark> mark;
  private final IntConsumer onInstances;
  private final Ledger ledger;
  private final IntakeBooks books;
  private final @Nullable Spool spool;
  private final String instance;
  private final Instant startedAt;
  private final Periodic turns = new Periodic("book-keeper", this::turn, this::failed);
  private final BackOff backOff = new BackOff(PAUSE, PAUSE);
  private long nextBalanceNanos = System.nanoTime();
  private long nextCountNanos = System.nanoTime();
  private volatile List<LiveInstance> live = List.of();
  private volatile @Nullable RunMark marked;
  private volatile @Nullable List<IntakeBalance> latest;
  private volatile List<IntakeBalance> others = List.of();

  /**
   * @param spool null if it is off
   * @param clock the database's time
   */
  public BookKeeper(Ledger ledger, IntakeBooks books, @Nullable Spool spool, InstantSource clock) {
    this(ledger, books, spool, clock, () -> null, instances -> {});
  }

  /**
   * @param spool null if it is off
   * @param clock the database's time
   * @param mark what runs, asked for each time that it is written down, in the keeper's thread
   * @param onInstances told every few seconds how many instances live
   */
  public BookKeeper(
      Ledger ledger,
      IntakeBooks books,
      @Nullable Spool spool,
      InstantSource clock,
      Supplier<@Nullable RunMark> mark,
      IntConsumer onInstances) {
    this.mark = mark;
    this.onInstances = onInstances;
    this.ledger = ledger;
    this.books = books;
    this.spool = spool;
    this.instance = instance(spool);
    this.startedAt = clock.instant();
  }

  /** Names this instance, the same from one process to the next. */
  public String instance() {
    return instance;
  }

  private static String instance(@Nullable Spool spool) {
    try {
      return spool == null ? Ledger.NO_SPOOL : spool.instance();
    } catch (IOException e) {
      throw new IllegalStateException("the spool's folder does not take its name", e);
    }
  }

  @Override
  public void start() {
    turns.start(Duration.ZERO, LOOK_EVERY);
  }

  private void turn() {
    if (backOff.isOver()) {
      keep();
    }
  }

  private void failed(Throwable failure) {
    DatabaseTrouble.logRepeated(LOGGER, "the books are drawn up later", failure);
    backOff.fail();
  }

  private void keep() {
    IntakeTally tally = books.tally();
    write(tally);
    countInstances();
    Duration unseen = spool == null ? DEAD_AFTER : Duration.ZERO;
    for (String run : ledger.closeKilled(instance, books.run(), unseen, this::inSpool)) {
      LOGGER.warn("{} did not end in order: its books are closed from what is on disk", run);
    }
    long begin = System.nanoTime();
    if (begin - nextBalanceNanos >= 0) {
      List<IntakeBalance> own = ledger.balances(instance, RUNS, this::inSpool, books.unsure());
      ledger.publish(own);
      others = ledger.published(instance, RUNS);
      latest = own;
      long took = System.nanoTime() - begin;
      nextBalanceNanos = begin + took * IDLE_TIMES;
    }
  }

  private void write(IntakeTally tally) {
    RunMark known = mark.get();
    marked = known;
    ledger.write(books.run(), instance, startedAt, tally, known);
  }

  private void countInstances() {
    long now = System.nanoTime();
    if (now - nextCountNanos >= 0) {
      live = ledger.live();
      onInstances.accept(live.size());
      nextCountNanos = now + COUNT_EVERY.toNanos();
    }
  }

  /**
   * The live instances whose settings are not this one's, as they were a few seconds ago. One of a
   * version that does not say what its settings are is none of them.
   */
  public List<String> differentlySet() {
    RunMark own = marked;
    return own == null
        ? List.of()
        : live.stream()
            .filter(one -> one.settings() != null && !one.settings().equals(own.settings()))
            .map(LiveInstance::instance)
            .toList();
  }

  private long inSpool(String run) {
    return spool == null ? 0 : spool.recordsOf(run);
  }

  /**
   * The balances of this instance's runs, the latest first, and then of the others' as they were
   * last published; empty if none could be drawn yet.
   */
  public Optional<List<IntakeBalance>> balances() {
    List<IntakeBalance> own = latest;
    return own == null
        ? Optional.empty()
        : Optional.of(Stream.concat(own.stream(), others.stream()).toList());
  }

  /** What this instance has acknowledged and nobody knows where it is; empty if not counted yet. */
  public OptionalLong unaccounted() {
    List<IntakeBalance> own = latest;
    return own == null ? OptionalLong.empty() : OptionalLong.of(unaccounted(own));
  }

  /** The same for all instances; an instance that is gone counts as it was last seen. */
  public OptionalLong unaccountedEverywhere() {
    return balances().map(all -> OptionalLong.of(unaccounted(all))).orElseGet(OptionalLong::empty);
  }

  private static long unaccounted(List<IntakeBalance> balances) {
    return balances.stream().mapToLong(IntakeBalance::unaccounted).sum();
  }

  /** By now nothing comes in any more. */
  @Override
  public void stop() throws InterruptedException {
    if (!turns.stop(STOP_WITHIN)) {
      return;
    }
    try {
      write(books.tally());
      ledger.close(books.run());
    } catch (RuntimeException e) {
      LOGGER.warn("the books are closed at the next start: the database is out");
    }
  }
}
