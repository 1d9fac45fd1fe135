package dev.acuse.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.acuse.database.SqlTypesPlugin;
import dev.acuse.event.Arrival;
import dev.acuse.event.Ticket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * The books of the intake: what each process run has answered for, and what is there of it. Owns
 * its transactions. Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the
 * database is out of reach.
 */
public final class Ledger {
  private static final String SELECT =
      """
      SELECT run, instance, started_at, seen_at, closed_at, closed, received, stored, spooled,
        duplicates, quarantined, refused, rejected, drained_duplicates, drained_rejects, purged,
        balance_rows, balance_in_spool, balance_unpromised, balance_unaccounted
      FROM intake_runs
      """;

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param jdbi with {@link SqlTypesPlugin} installed
   * @param clock the database's time
   */
  public Ledger(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** Writes down what a run has answered so far; the first time, the run itself. */
  public void write(String run, String instance, Instant startedAt, IntakeTally tally) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO intake_runs (run, instance, started_at, seen_at)
                  VALUES (:run, :instance, :startedAt, :now) ON CONFLICT DO NOTHING
                  """)
              .bind("run", run)
              .bind("instance", instance)
              .bind("startedAt", startedAt)
              .bind("now", now)
              .execute();
          handle
              .createUpdate(
                  """
                  UPDATE intake_runs SET received = :received, stored = :stored,
                    spooled = :spooled, duplicates = :duplicates, quarantined = :quarantined,
                    refused = :refused, rejected = :rejected, seen_at = :now
                  WHERE run = :run AND closed_at IS NULL
                  """)
              .bind("run", run)
              .bind("received", tally.received())
              .bind("stored", tally.stored())
              .bind("spooled", tally.spooled())
              .bind("duplicates", tally.duplicates())
              .bind("quarantined", tally.quarantined())
              .bind("refused", tally.refused())
              .bind("rejected", EventDao.json(new TreeMap<>(tally.rejected())))
              .bind("now", now)
              .execute();
        });
  }

  /** Closes a run that ends in order; its last answers are written. */
  public void close(String run) {
    jdbi.useHandle(handle -> close(handle, run, "stopped"));
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
    Instant cutOff = clock.instant().minus(unseenFor);
    return jdbi.inTransaction(
        handle -> {
          var dead =
              new ArrayList<>(
                  handle
                      .createQuery(
                          SELECT
                              + "WHERE instance = :instance AND run <> :current AND closed_at IS"
                              + " NULL AND seen_at <= :cutOff FOR UPDATE")
                      .bind("instance", instance)
                      .bind("current", current)
                      .bind("cutOff", cutOff)
                      .map(mapper(handle, inSpool, List.of()))
                      .list());
          // What is being drained would be counted here and there.
          dead.removeIf(run -> run.inSpool() > 0);
          for (IntakeBalance run : dead) {
            long more = Math.max(0, run.accounted() - run.tally().promised());
            handle
                .createUpdate(
                    """
                    UPDATE intake_runs SET stored = stored + :more, received = received + :more
                    WHERE run = :run
                    """)
                .bind("more", more)
                .bind("run", run.run())
                .execute();
            close(handle, run.run(), "killed");
          }
          return dead.stream().map(IntakeBalance::run).toList();
        });
  }

  private void close(Handle handle, String run, String how) {
    handle
        .createUpdate(
            """
            UPDATE intake_runs SET closed_at = :now, closed = :how
            WHERE run = :run AND closed_at IS NULL
            """)
        .bind("now", clock.instant())
        .bind("how", how)
        .bind("run", run)
        .execute();
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
    jdbi.useTransaction(
        handle -> {
          for (Arrival arrival : duplicates) {
            Ticket ticket = arrival.ticket();
            if (ticket != null && !isItsRow(handle, ticket)) {
              others.merge(ticket.run(), 1L, Long::sum);
            }
          }
          for (Arrival arrival : rejects) {
            Ticket ticket = arrival.ticket();
            if (ticket != null) {
              refused.merge(ticket.run(), 1L, Long::sum);
            }
          }
          others.forEach((run, count) -> add(handle, "drained_duplicates", run, count));
          refused.forEach((run, count) -> add(handle, "drained_rejects", run, count));
        });
  }

  /** A commit that was given up may have stored it after all. */
  private static boolean isItsRow(Handle handle, Ticket ticket) {
    return handle
            .createQuery(count("intake_run = :run AND intake_no = :number"))
            .bind("run", ticket.run())
            .bind("number", ticket.number())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  static void add(Handle handle, String column, String run, long more) {
    handle
        .createUpdate(
            "UPDATE intake_runs SET " + column + " = " + column + " + :more WHERE run = :run")
        .bind("more", more)
        .bind("run", run)
        .execute();
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
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + "WHERE instance = :instance ORDER BY started_at DESC, run LIMIT :limit")
                .bind("instance", instance)
                .bind("limit", limit)
                .map(mapper(handle, inSpool, unsure))
                .list());
  }

  /** All runs as they are written down, for safe keeping. */
  public List<IntakeBalance> runs() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "ORDER BY started_at, run")
                .map((row, context) -> balance(row, context, 0, 0, 0, 0))
                .list());
  }

  /**
   * Takes over what was kept of a run, after the database has lost some of it: of each number the
   * larger one, so that what is missing is missed.
   *
   * @param kept as it was written down
   * @param later tickets of what came in afterwards; what is here of them was promised as well
   */
  public void restore(IntakeBalance kept, Collection<Ticket> later) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO intake_runs (run, instance, started_at, seen_at)
                  VALUES (:run, :instance, :startedAt, :seenAt) ON CONFLICT DO NOTHING
                  """)
              .bindMethods(kept)
              .execute();
          handle
              .createUpdate(
                  """
                  UPDATE intake_runs SET
                    rejected = CASE WHEN :received > received THEN :rejected ELSE rejected END,
                    received = GREATEST(received, :received), stored = GREATEST(stored, :stored),
                    spooled = GREATEST(spooled, :spooled),
                    duplicates = GREATEST(duplicates, :duplicates),
                    quarantined = GREATEST(quarantined, :quarantined),
                    refused = GREATEST(refused, :refused),
                    drained_duplicates = GREATEST(drained_duplicates, :drainedDuplicates),
                    drained_rejects = GREATEST(drained_rejects, :drainedRejects),
                    purged = GREATEST(purged, :purged), seen_at = GREATEST(seen_at, :seenAt),
                    closed_at = COALESCE(closed_at, CAST(:closedAt AS TIMESTAMP WITH TIME ZONE)),
                    closed = COALESCE(closed, CAST(:closed AS VARCHAR))
                  WHERE run = :run
                  """)
              .bindMethods(kept)
              .bind("received", kept.tally().received() + later.size())
              .bind("stored", kept.tally().stored() + rowsOf(handle, kept.run(), later))
              .bind("spooled", kept.tally().spooled())
              .bind("duplicates", kept.tally().duplicates())
              .bind("quarantined", kept.tally().quarantined())
              .bind("refused", kept.tally().refused())
              .bind("rejected", EventDao.json(new TreeMap<>(kept.tally().rejected())))
              .execute();
        });
  }

  /** Leaves the balances of an instance's runs for the others to read. */
  public void publish(List<IntakeBalance> balances) {
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  UPDATE intake_runs SET balance_rows = :rows, balance_in_spool = :inSpool,
                    balance_unpromised = :unpromised, balance_unaccounted = :unaccounted
                  WHERE run = :run AND (balance_rows IS NULL OR balance_rows <> :rows
                    OR balance_in_spool <> :inSpool OR balance_unpromised <> :unpromised
                    OR balance_unaccounted <> :unaccounted)
                  """);
          balances.forEach(balance -> batch.bindMethods(balance).add());
          batch.execute();
        });
  }

  /** The balances of the other instances' runs as they were last published, the latest first. */
  public List<IntakeBalance> published(String exceptInstance, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + "WHERE instance <> :instance AND balance_rows IS NOT NULL"
                        + " ORDER BY started_at DESC, run LIMIT :limit")
                .bind("instance", exceptInstance)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        balance(
                            row,
                            context,
                            row.getLong("balance_rows"),
                            row.getLong("balance_in_spool"),
                            row.getLong("balance_unpromised"),
                            row.getLong("balance_unaccounted")))
                .list());
  }

  private static RowMapper<IntakeBalance> mapper(
      Handle handle, ToLongFunction<String> inSpool, Collection<Ticket> unsure) {
    return (row, context) -> {
      String run = row.getString("run");
      long spooled = inSpool.applyAsLong(run);
      return balance(row, context, rows(handle, run), spooled, rowsOf(handle, run, unsure), 0)
          .drawn();
    };
  }

  private static IntakeBalance balance(
      ResultSet row,
      StatementContext context,
      long rows,
      long inSpool,
      long unpromised,
      long unaccounted)
      throws SQLException {
    ColumnMapper<Instant> instants = context.findColumnMapperFor(Instant.class).orElseThrow();
    return new IntakeBalance(
        row.getString("run"),
        row.getString("instance"),
        Objects.requireNonNull(instants.map(row, "started_at", context)),
        Objects.requireNonNull(instants.map(row, "seen_at", context)),
        instants.map(row, "closed_at", context),
        row.getString("closed"),
        new IntakeTally(
            row.getLong("received"),
            row.getLong("stored"),
            row.getLong("spooled"),
            row.getLong("duplicates"),
            row.getLong("quarantined"),
            row.getLong("refused"),
            counts(row.getString("rejected"))),
        rows,
        inSpool,
        row.getLong("drained_duplicates"),
        row.getLong("drained_rejects"),
        row.getLong("purged"),
        unpromised,
        unaccounted);
  }

  private static long rows(Handle handle, String run) {
    return handle.createQuery(count("intake_run = :run")).bind("run", run).mapTo(Long.class).one();
  }

  /** How many of these tickets are rows. */
  private static long rowsOf(Handle handle, String run, Collection<Ticket> tickets) {
    List<Long> numbers = new ArrayList<>();
    tickets.stream()
        .filter(ticket -> ticket.run().equals(run))
        .forEach(ticket -> numbers.add(ticket.number()));
    if (numbers.isEmpty()) {
      return 0;
    }
    return handle
        .createQuery(count("intake_run = :run AND intake_no = ANY(:numbers)"))
        .bind("run", run)
        .bindArray("numbers", Long.class, numbers)
        .mapTo(Long.class)
        .one();
  }

  private static String count(String which) {
    return "SELECT COUNT(*) FROM webhook_events WHERE " + which;
  }

  private static Map<String, Long> counts(@Nullable String json) {
    try {
      return EventDao.JSON.readValue(
          json == null ? "{}" : json, new TypeReference<Map<String, Long>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("we wrote it ourselves", e);
    }
  }
}
