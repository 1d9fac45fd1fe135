package dev.acuse.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.payment.state.Snapshots;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaymentDetailsStoreTest {
  private static final Pattern ID = Pattern.compile("\\bid:([0-9]+)");

  @ParameterizedTest
  @EnumSource
  void fillsInTheOrderOfOurIdsSoThatTwoWritersDoNotWaitForEachOther(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      insert(database, 5);
      List<Long> written = watchUpdates(database);

      int filled =
          new PaymentDetailsStore(database.jdbi())
              .fill(1, List.of(found(4), found(1), found(5), found(3), found(2)));

      assertThat(filled).isEqualTo(5);
      assertThat(written).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesUpPageByPageAndSoManyAtOnce(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      insert(database, 8);
      var store = new PaymentDetailsStore(database.jdbi(), 2, 3);
      List<Long> written = watchUpdates(database);

      assertThat(store.giveUp(1, 0)).isEqualTo(new PaymentDetailsStore.GivenUp(6, 6, false));
      assertThat(store.giveUp(1, 6)).isEqualTo(new PaymentDetailsStore.GivenUp(2, 8, true));
      assertThat(store.giveUp(1, 8)).isEqualTo(new PaymentDetailsStore.GivenUp(0, 8, true));

      assertThat(written).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }
  }

  private static PaymentSnapshot found(int id) {
    return Snapshots.payment("mp" + id).build();
  }

  /** The ids of the payments that are written, in their order. */
  private static List<Long> watchUpdates(TestDatabase database) {
    List<Long> ids = new ArrayList<>();
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                if (context.getRenderedSql().startsWith("UPDATE payments")) {
                  Matcher id = ID.matcher(context.getBinding().toString());
                  assertThat(id.find()).as("%s", context.getBinding()).isTrue();
                  ids.add(Long.valueOf(id.group(1)));
                }
              }
            });
    return ids;
  }

  private static void insert(TestDatabase database, int number) {
    for (int i = 1; i <= number; i++) {
      int id = i;
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      """
                      INSERT INTO payments (id, mp_payment_id, status, created_at, updated_at)
                      VALUES (?, ?, 'approved', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
                      """,
                      id,
                      "mp" + id));
    }
  }
}
