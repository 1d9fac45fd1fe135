package dev.acuse.recovery.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatermarkTest {
  private static final Instant NOW = Instant.parse("2026-03-02T14:05:09Z");
  private static final Instant TO = NOW.minus(Duration.ofDays(5));

  @ParameterizedTest
  @EnumSource
  void eachAccountBeginsAtThisTimeAgainThoughItsRowOrTheAccountIsLost(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute(
                    """
                    INSERT INTO accounts (id, uuid, name, display_name, state, application_id,
                      created_at, updated_at)
                    VALUES (2, 'b', 'b', 'b', 'active', 1, ?, ?)
                    """,
                    NOW,
                    NOW);
                handle.execute(
                    """
                    INSERT INTO payments (account_id, mp_payment_id, status, created_at, updated_at)
                    VALUES (3, '7', 'approved', ?, ?)
                    """,
                    NOW,
                    NOW);
                state(handle, 1, "mp", NOW);
                state(handle, 1, "mp:details", NOW);
                state(handle, 4, "mp", NOW);
                state(handle, 5, "mp", TO.minusSeconds(1));
              });

      Watermark.moveBack(database.jdbi(), TO);

      assertThat(states(database))
          .containsExactly(
              "1 mp " + TO,
              "1 mp:details " + NOW,
              "2 mp " + TO,
              "3 mp " + TO,
              "4 mp " + TO,
              "5 mp " + TO.minusSeconds(1));
    }
  }

  private static void state(Handle handle, long account, String source, Instant watermark) {
    handle.execute(
        "INSERT INTO reconciliation_state (account_id, source, watermark) VALUES (?, ?, ?)",
        account,
        source,
        watermark);
  }

  private static List<String> states(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT account_id, source, watermark FROM reconciliation_state
                        ORDER BY account_id, source
                        """)
                    .map(
                        (row, context) ->
                            row.getLong(1)
                                + " "
                                + row.getString(2)
                                + " "
                                + context
                                    .findColumnMapperFor(Instant.class)
                                    .orElseThrow()
                                    .map(row, 3, context))
                    .list());
  }
}
