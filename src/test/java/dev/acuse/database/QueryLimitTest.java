package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QueryLimitTest {
  @ParameterizedTest
  @EnumSource
  void queryThatTakesTooLongIsCancelledAndTheConnectionHasNoLimitAfterwards(Engine engine)
      throws Exception {
    String slow =
        switch (engine) {
          case H2 -> "SELECT SUM(a.x) FROM SYSTEM_RANGE(1, 1000000000000) a";
          case POSTGRESQL -> "SELECT 1 FROM pg_sleep(600)";
        };
    try (var database = TestDatabase.openEmpty(engine);
        Handle handle = database.jdbi().open()) {
      Throwable failure =
          catchThrowable(() -> QueryLimit.within(handle, 1, () -> number(handle, slow)));

      assertThat(failure).isNotNull();
      assertThat(DatabaseTrouble.isOutage(failure)).as("answered with a 503").isTrue();
      assertThat(number(handle, "SELECT 7")).isEqualTo(7);
      try (Statement next = handle.getConnection().createStatement()) {
        assertThat(next.getQueryTimeout()).isZero();
      }
      assertThat(QueryLimit.within(handle, () -> number(handle, "SELECT 8"))).isEqualTo(8);
    }
  }

  private static long number(Handle handle, String sql) {
    return handle.createQuery(sql).mapTo(Long.class).one();
  }
}
