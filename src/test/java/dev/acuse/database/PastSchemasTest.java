package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An installation of whatever schema there ever was is upgraded by a start, with its rows: that of
 * each migration, because no release ends in the middle of one, and that of each change of the
 * latest, in which an upgrade may have been cut off.
 */
@Tag("slow")
class PastSchemasTest {
  /** A row of each of the tables that hold what must not be lost; columns as they come and go. */
  private static final Map<String, Map<String, String>> ROWS = rows();

  private static Map<String, Map<String, String>> rows() {
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    rows.put(
        "checkouts",
        Map.of(
            "id", "7",
            "external_reference", "'order-7'",
            "contact_id", "'contact'",
            "title", "'Consulta'",
            "amount", "1500.5",
            "currency", "'ARS'",
            "status", "'open'"));
    rows.put(
        "payments",
        Map.of(
            "id", "8",
            "mp_payment_id", "'138'",
            "checkout_id", "7",
            "status", "'pending'",
            "amount", "1500.5"));
    rows.put(
        "crm_tags",
        Map.of("id", "9", "payment_id", "8", "contact_id", "'contact'", "tag", "'pagado'"));
    Map<String, String> event = new TreeMap<>();
    event.put("id", "10");
    event.put("webhook_id", "'mp:payment:138:0123456789abcdef'");
    event.put("source", "'mp'");
    event.put("event_type", "'payment'");
    event.put("resource_id", "'138'");
    event.put("status", "'pending'");
    event.put("max_attempts", "4");
    event.put("raw_payload", "'7b7d'");
    event.put("payload_size", "2");
    event.put("headers", "'{}'");
    event.put("signature", "'verified'");
    event.put("origin", "'webhook'");
    rows.put("webhook_events", event);
    rows.put(
        "webhook_attempts",
        Map.of(
            "id", "11",
            "event_id", "10",
            "number", "1",
            "worker", "'me'",
            "outcome", "'retry'",
            "steps", "'[]'"));
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void eachOfThemIsBroughtUpToDateAndKeepsItsRows(Engine engine) throws Exception {
    List<String> whole;
    int changes;
    try (var database = TestDatabase.open(engine)) {
      whole = columns(database);
      changes = (int) database.count("databasechangelog");
    }
    assertThat(changes).isGreaterThan(20);
    for (int past : pasts(engine)) {
      try (var database = TestDatabase.openEmpty(engine)) {
        migrate(database, past);
        Set<String> filled = fill(database);

        new Schema(database.dataSource()).migrate();

        assertThat(columns(database)).as("from the first %d changes", past).isEqualTo(whole);
        assertThat(new Schema(database.dataSource()).judge(true)).isEqualTo(new Schema.State(0, 0));
        for (String table : filled) {
          assertThat(database.count(table + " WHERE id = " + row(table).get("id")))
              .as("%s of the first %d changes", table, past)
              .isEqualTo(1);
        }
        if (past > changes / 2) {
          assertThat(filled).isEqualTo(ROWS.keySet());
        }
      }
    }
  }

  /** How many changes each of them has. */
  private static List<Integer> pasts(Engine engine) {
    List<String> migrations =
        KnownChanges.of(engine == Engine.H2).stream()
            .map(change -> migration(change.id()))
            .toList();
    String latest = migrations.get(migrations.size() - 1);
    return IntStream.range(1, migrations.size())
        .filter(
            past ->
                migrations.get(past).equals(latest)
                    || !migrations.get(past).equals(migrations.get(past - 1)))
        .boxed()
        .toList();
  }

  /** A change's name begins with the four digits of its migration. */
  private static String migration(String change) {
    return change.substring(0, 4);
  }

  private static Map<String, String> row(String table) {
    return Objects.requireNonNull(ROWS.get(table));
  }

  private static Set<String> fill(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                ROWS.keySet().stream()
                    .filter(table -> isFilled(handle, table))
                    .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  private static boolean isFilled(Handle handle, String table) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    handle
        .createQuery(
            """
            SELECT LOWER(column_name), LOWER(data_type) FROM information_schema.columns
            WHERE LOWER(table_schema) = 'public' AND LOWER(table_name) = ?
            """)
        .bind(0, table)
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(
            column -> {
              String value = value(row(table).get(column.getKey()), column.getValue());
              if (value != null
                  || column
                      .getKey()
                      .matches("(created|updated|received|started|finished|last_delivered)_at")) {
                names.add(column.getKey());
                values.add(value == null ? "CURRENT_TIMESTAMP" : value);
              }
            });
    if (names.isEmpty()) {
      return false;
    }
    return handle.execute(
            "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(table, String.join(", ", names), String.join(", ", values)))
        == 1;
  }

  private static @Nullable String value(@Nullable String given, String type) {
    if (given == null) {
      return null;
    }
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "bytea" -> "decode(" + given + ", 'hex')";
      case "binary varying", "varbinary", "binary large object" -> "X" + given;
      default -> given;
    };
  }

  private static void migrate(TestDatabase database, int count) throws Exception {
    try (var connection = database.dataSource().getConnection()) {
      var target =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      Scope.child(
          Map.of(Scope.Attr.ui.name(), new LoggerUIService()),
          () -> {
            var liquibase =
                new Liquibase("migrations.xml", new ClassLoaderResourceAccessor(), target);
            liquibase.setShowSummary(UpdateSummaryEnum.OFF);
            liquibase.update(count, new Contexts(), new LabelExpression());
          });
      connection.setAutoCommit(true);
    }
  }

  private static List<String> columns(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT LOWER(table_name || '.' || column_name)
                        FROM information_schema.columns
                        WHERE LOWER(table_schema) = 'public'
                        ORDER BY 1
                        """)
                    .mapTo(String.class)
                    .list());
  }
}
