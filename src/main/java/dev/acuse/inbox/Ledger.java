package dev.acuse.inbox;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.Arrival;
import dev.acuse.event.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The books of the intake: what each process run has answered for, and what is there of it. Owns
 * its transactions. Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the
 * database is out of reach.
 */
public final class Ledger {
  /** The name of each instance without a spool. */
  public static final String NO_SPOOL = "no-spool";

  /** An instance that was not heard of for longer is gone, or shares no rate. */
  private static final Duration LIVES = Duration.ofMinutes(1);

  private final LedgerDao dao;
  private final InstantSource clock;

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public Ledger(Jdbi jdbi, InstantSource clock) {
    this.dao = jdbi.onDemand(LedgerDao.class);
    this.clock = clock;
  }

  /** {@link #write(String, String, Instant, IntakeTally, RunMark)} of a run without a mark. */
  public void write(String run, String instance, Instant startedAt, IntakeTally tally) {
    write(run, instance, startedAt, tally, null);
  }

  /**
   * Writes down what a run has answered so far; the first time, the run itself.
   *
   * @param mark what runs; null if that is not said
   */
  public void write(
      String run, String instance, Instant startedAt, IntakeTally tally, @Nullable RunMark mark) {
    Instant now = clock.instant();
    String version = mark == null ? null : mark.version();
    String settings = mark == null ? null : mark.settings();
    dao.useTransaction(
        same -> {
          same.insert(run, instance, startedAt, now, version, settings);
          same.write(
              run, tally, rejected(tally), mark == null ? null : mark.accountsVersion(), now);
        });
  }

  /** The instances of which a run is open and was heard of within the last minute, by name. */
  public List<LiveInstance> live() {
    return dao.live(NO_SPOOL, clock.instant().minus(LIVES));
  }

  /** Closes a run that ends in order; its last answers are written. */
  public void close(String run) {
    dao.close(run, "stopped", clock.instant());
  }

  /**
   * Closes the runs of an instance that did not end in order, each as soon as the spool holds
   * nothing of it any more. What is on disk of them is what they have answered for, unless they had
   * written down more.
   *
   * @param instance that this process is now: no run of it but {@code current} can be alive
   * @param unseenFor only runs that were not heard of for so long
   * @param inSpool how many records of a run the spool holds
   * @return the runs
   */
  public List<String> closeKilled(
      String instance, String current, Duration unseenFor, ToLongFunction<String> inSpool) {
    Instant now = clock.instant();
    return dao.inTransaction(
        same -> {
          List<IntakeBalance> dead =
              same.lockUnseen(instance, current, now.minus(unseenFor)).stream()
                  .map(run -> drawn(same, run, inSpool, List.of()))
                  // What is being drained would be counted here and there.
                  .filter(run -> run.inSpool() == 0)
                  .toList();
          for (IntakeBalance run : dead) {
            same.addStored(run.run(), Math.max(0, run.accounted() - run.tally().promised()));
            same.close(run.run(), "killed", now);
          }
          return dead.stream().map(IntakeBalance::run).toList();
        });
  }

  /**
   * Books what came out of the spool without becoming a row.
   *
   * @param duplicates arrivals whose key was there already
   * @param rejects arrivals that the database refused
   */
  public void drained(Collection<Arrival> duplicates, Collection<Arrival> rejects) {
    Map<String, Long> others = new TreeMap<>();
    Map<String, Long> refused = new TreeMap<>();
    dao.useTransaction(
        same -> {
          for (Arrival arrival : duplicates) {
            Ticket ticket = arrival.ticket();
            // A commit that was given up may have stored it after all.
            if (ticket != null && same.rowsOf(ticket.run(), ticket.number()) == 0) {
              others.merge(ticket.run(), 1L, Long::sum);
            }
          }
          for (Arrival arrival : rejects) {
            Ticket ticket = arrival.ticket();
            if (ticket != null) {
              refused.merge(ticket.run(), 1L, Long::sum);
            }
          }
          others.forEach(same::addDrainedDuplicates);
          refused.forEach(same::addDrainedRejects);
        });
  }

  /**
   * The balances of an instance's runs, the latest first. What another one's spool holds only that
   * one knows.
   *
   * @param inSpool how many records of a run this process' spool holds; asked before the rows are
   *     counted, so that what is drained meanwhile is not missed
   * @param unsure tickets of requests that were answered 503 and may be rows all the same
   */
  public List<IntakeBalance> balances(
      String instance, int limit, ToLongFunction<String> inSpool, Collection<Ticket> unsure) {
    return dao.withHandle(
        handle -> {
          LedgerDao same = handle.attach(LedgerDao.class);
          return same.ofInstance(instance, limit).stream()
              .map(run -> drawn(same, run, inSpool, unsure))
              .toList();
        });
  }

  /** All runs as they are written down, for safe keeping. */
  public List<IntakeBalance> runs() {
    return dao.runs().stream().map(run -> run.with(0, 0, 0, 0)).toList();
  }

  /**
   * Takes over what was kept of a run, after the database has lost some of it: of each number the
   * larger one, so that what is missing is missed.
   *
   * @param kept as it was written down
   * @param later tickets of what came in afterwards; what is here of them was promised as well
   */
  public void restore(IntakeBalance kept, Collection<Ticket> later) {
    IntakeTally tally = kept.tally();
    dao.useTransaction(
        same -> {
          same.insert(kept.run(), kept.instance(), kept.startedAt(), kept.seenAt(), null, null);
          same.raise(
              kept,
              tally,
              tally.received() + later.size(),
              tally.stored() + rowsOf(same, kept.run(), later),
              rejected(tally));
        });
  }

  /** Leaves the balances of an instance's runs for the others to read. */
  public void publish(List<IntakeBalance> balances) {
    dao.publish(balances);
  }

  /** The balances of the other instances' runs as they were last published, the latest first. */
  public List<IntakeBalance> published(String exceptInstance, int limit) {
    return dao.published(exceptInstance, limit);
  }

  private static IntakeBalance drawn(
      LedgerDao dao, IntakeBalance run, ToLongFunction<String> inSpool, Collection<Ticket> unsure) {
    long spooled = inSpool.applyAsLong(run.run());
    return run.drawn(dao.rows(run.run()), spooled, rowsOf(dao, run.run(), unsure));
  }

  /** How many of these tickets are rows. */
  private static long rowsOf(LedgerDao dao, String run, Collection<Ticket> tickets) {
    List<Long> numbers =
        tickets.stream().filter(ticket -> ticket.run().equals(run)).map(Ticket::number).toList();
    return numbers.isEmpty() ? 0 : dao.rowsOf(run, numbers);
  }

  private static String rejected(IntakeTally tally) {
    return EventDao.json(new TreeMap<>(tally.rejected()));
  }
}
