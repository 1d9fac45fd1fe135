package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pages of the schema show what all migrations come to, and the list says which there are.
 * After a new migration {@code -Dschema.write=true} writes them anew.
 */
class SchemaReferenceTest {
  private static final String HEADER =
      "-- The schema after all migrations; SchemaReferenceTest writes this file"
          + " (mvn test -Dtest=SchemaReferenceTest -Dschema.write=true).\n\n";

  /** When the database was made: a migration has written a row then. */
  private static final Pattern NOW =
      Pattern.compile("(TIMESTAMP WITH TIME ZONE )?'20[2-9][0-9]-[0-9]{2}-[0-9]{2}[ T][0-9:.+-]+'");

  private static final Path LIST = Path.of("src/main/resources/migrations.list");
  private static final String LIST_HEADER =
      "# file, id, author, checksum and engines of each change; SchemaReferenceTest writes this file\n";

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theFileShowsTheSchemaAfterAllMigrations(Engine engine) throws Exception {
    try (TestDatabase database = TestDatabase.open(engine)) {
      String script = schema(database);
      String text =
          HEADER
              + switch (engine) {
                case H2 -> H2Schema.readable(script);
                case POSTGRESQL -> PostgresSchema.readable(script);
              };
      if (Boolean.getBoolean("schema.write")) {
        Files.writeString(file(engine), text);
      }

      assertThat(Files.readString(file(engine))).isEqualTo(text);
    }
  }

  /** Compared as the engine tells it, so what the file leaves out is what goes without saying. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void theFileMakesTheSameSchema(Engine engine) throws Exception {
    try (TestDatabase migrated = TestDatabase.open(engine);
        TestDatabase made = TestDatabase.openEmpty(engine)) {
      try (Connection connection = made.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(Files.readString(file(engine)));
      }

      assertThat(schema(made)).isEqualTo(schema(migrated));
    }
  }

  /** So that a start can tell without Liquibase that it has nothing to do. */
  @Test
  void theListHoldsWhatLiquibaseHasWrittenOfEachChange() throws Exception {
    Map<String, String> changes = new TreeMap<>();
    for (Engine engine : Engine.values()) {
      try (TestDatabase database = TestDatabase.open(engine)) {
        changes(database)
            .forEach(
                change ->
                    changes.merge(
                        change,
                        engine.name().toLowerCase(Locale.ROOT),
                        (one, other) -> one + "," + other));
      }
    }
    var text = new StringBuilder(LIST_HEADER);
    changes.forEach(
        (change, engines) -> text.append(change).append(' ').append(engines).append('\n'));
    if (Boolean.getBoolean("schema.write")) {
      Files.writeString(LIST, text);
    }

    assertThat(Files.readString(LIST)).isEqualTo(text.toString());
  }

  private static List<String> changes(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT filename || ' ' || id || ' ' || author || ' ' || md5sum
                        FROM databasechangelog
                        """)
                    .mapTo(String.class)
                    .list());
  }

  private static Path file(Engine engine) {
    return Path.of("docs/reference/schema-" + engine.name().toLowerCase(Locale.ROOT) + ".sql");
  }

  private static String schema(TestDatabase database) {
    String text = text(database);
    return NOW.matcher(text).replaceAll("CURRENT_TIMESTAMP");
  }

  private static String text(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                switch (database.engine()) {
                  case H2 -> H2Schema.read(handle);
                  case POSTGRESQL -> PostgresSchema.read(handle);
                })
        .text();
  }
}
