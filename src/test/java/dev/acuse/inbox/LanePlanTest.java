package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Lane;
import dev.acuse.support.Claims;
import dev.acuse.support.Engine;
import dev.acuse.support.RowsOnH2;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** What a claim reads does not grow with what a lane holds, nor with how many lanes there are. */
class LanePlanTest {
  private static final int FLOOD = 30_000;
  private static final int LANES = 1_000;
  private static final int LIMIT = 8;
  private static final Lane FLOODED = Lane.mercadoPago(1);

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  @Test
  void onPostgresqlAFloodedLaneAmongAThousandCostsAFewPages() {
    try (TestDatabase database = TestDatabase.open(Engine.POSTGRESQL)) {
      fillPostgresql(database);
      List<LaneShare> shares = new ArrayList<>();
      shares.add(new LaneShare(FLOODED, LIMIT));
      IntStream.range(2, 2 + LIMIT).forEach(i -> shares.add(new LaneShare(Lane.mercadoPago(i), 1)));
      var request = ClaimRequest.due("me", shares, Duration.ofMinutes(1), Claims.KINDS);
      long claim =
          database
              .jdbi()
              .withHandle(
                  handle ->
                      pages(
                          handle,
                          () ->
                              assertThat(
                                      Dialect.of(handle)
                                          .claim(handle, request, now, now.plusSeconds(60))
                                          .events())
                                  .hasSize(2 * LIMIT)));
      long listing =
          database
              .jdbi()
              .withHandle(
                  handle ->
                      pages(
                          handle,
                          () ->
                              assertThat(Dialect.of(handle).pendingLanes(handle, now))
                                  .hasSize(LANES)));

      assertThat(claim).as("pages of a claim of nine lanes").isLessThan(150);
      assertThat(listing).as("pages of the listing").isLessThan(5L * LANES);
    }
  }

  private static void fillPostgresql(TestDatabase database) {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  INSERT INTO webhook_events (webhook_id, source, event_type, status, max_attempts,
                    next_retry_at, raw_payload, payload_size, headers, signature,
                    last_delivered_at, origin, received_at, updated_at, lane)
                  SELECT 'e-' || n, 'mp', 'payment', 'pending', 4, now() - interval '1 h', '{}', 2,
                    '{}', 'verified', now(), 'webhook', now(), now(),
                    'mp:' || CASE WHEN n <= ? THEN 1 ELSE n - ? + 1 END
                  FROM generate_series(1, ?) AS n
                  """,
                  FLOOD,
                  FLOOD,
                  FLOOD + LANES - 1);
              handle.execute("VACUUM ANALYZE webhook_events");
            });
  }

  /** How many pages of the events' table and of its indexes were looked at in a transaction. */
  private static long pages(Handle handle, Runnable step) {
    handle.begin();
    long before = looked(handle);
    step.run();
    long after = looked(handle);
    handle.rollback();
    return after - before;
  }

  private static long looked(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT sum(pg_stat_get_xact_blocks_fetched(oid)) FROM pg_class
            WHERE oid = CAST('webhook_events' AS regclass)
              OR oid IN (SELECT indexrelid FROM pg_index
                WHERE indrelid = CAST('webhook_events' AS regclass))
            """)
        .mapTo(Long.class)
        .one();
  }

  @Test
  void onH2WhatIsReadDoesNotGrowWithWhatIsPending() {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      fillH2(database);
      var store = new EventStore(database.jdbi(), () -> now, 4);
      var rows = new RowsOnH2(database);
      // Its plan is asked for afterwards, when what it has taken is passed over.
      rows.assertAtMost(
          2 * LIMIT + 1, () -> store.claim(Claims.due("me", LIMIT, Duration.ofMinutes(1))));
      rows.assertAtMost(
          2 * LIMIT + 1, () -> store.claim(Claims.probe("me", Duration.ofMinutes(1), FLOODED)));
      rows.assertAtMost(2 * LIMIT + 1, () -> store.anyDueAlone(Claims.KINDS, Set.of()));
      assertThat(database.jdbi().withHandle(this::rowsOfNextLane)).isLessThanOrEqualTo(2);
      assertThat(store.pendingLanes())
          .extracting(PendingLane::lane)
          .containsExactly(FLOODED, Lane.mercadoPago(2));
    }
  }

  private void fillH2(TestDatabase database) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO webhook_events (webhook_id, source, event_type, status,
                      max_attempts, next_retry_at, raw_payload, payload_size, headers, signature,
                      last_delivered_at, origin, received_at, updated_at, lane)
                    SELECT 'e-' || x, 'mp', 'payment', 'pending', 4, DATEADD(SECOND, x, CAST(? AS TIMESTAMP WITH TIME ZONE)),
                      X'7b7d',
                      2, '{}', 'verified', CAST(? AS TIMESTAMP WITH TIME ZONE), 'webhook',
                      CAST(? AS TIMESTAMP WITH TIME ZONE), CAST(? AS TIMESTAMP WITH TIME ZONE),
                      CASE WHEN x = 1 THEN 'mp:2' ELSE 'mp:1' END
                    FROM SYSTEM_RANGE(1, 5000)
                    """,
                    now.minus(Duration.ofHours(2)),
                    now,
                    now,
                    now));
  }

  private long rowsOfNextLane(Handle handle) {
    var query =
        handle
            .createQuery("EXPLAIN ANALYZE " + H2Dialect.NEXT_LANE.replace("?", ":from"))
            .bind("from", FLOODED.code() + "\u0001");
    return scanned(query.mapTo(String.class).one());
  }

  /** By what H2 says of each table that it went through. */
  private static long scanned(String plan) {
    List<Long> counts =
        Pattern.compile("scanCount: (\\d+)")
            .matcher(plan)
            .results()
            .map((MatchResult count) -> Long.parseLong(count.group(1)))
            .toList();
    assertThat(counts).as(plan).isNotEmpty();
    return counts.stream().mapToLong(Long::longValue).max().orElseThrow();
  }
}
