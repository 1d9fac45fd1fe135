package dev.acuse.doctor;

import dev.acuse.database.PostgresDurability;
import dev.acuse.database.Schema;
import dev.acuse.database.UnfitDatabaseException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** What the database is, whether it keeps what is committed, and whether its schema is current. */
public final class DatabaseCheck {
  private static final String ISOLATION = "read committed";

  private final Jdbi jdbi;

  /**
   * @param jdbi connected as the intake is: roles and databases may have settings of their own
   */
  public DatabaseCheck(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What there is to say. */
  public List<Finding> look() throws SQLException {
    List<Finding> found = new ArrayList<>();
    jdbi.useHandle(
        handle -> {
          Connection connection = handle.getConnection();
          DatabaseMetaData about = connection.getMetaData();
          boolean isH2 = about.getDatabaseProductName().equals("H2");
          found.add(
              Finding.ok(
                  "database.version",
                  about.getDatabaseProductName() + " " + about.getDatabaseProductVersion()));
          found.addAll(schema(connection));
          if (isH2) {
            found.add(
                Finding.ok(
                    "database.durability",
                    "WRITE_DELAY is 0: each group of webhooks is synced before it is acknowledged"));
          } else {
            found.addAll(ofPostgresql(connection));
          }
        });
    return found;
  }

  private static List<Finding> schema(Connection connection) throws SQLException {
    try {
      return List.of(schema(Schema.inspect(connection)));
    } catch (UnfitDatabaseException e) {
      return List.of(Finding.wrong("database.fitness", String.valueOf(e.getMessage())));
    }
  }

  private static Finding schema(Schema.Currency state) {
    if (!state.isCurrent()) {
      return Finding.wrong(
          "database.schema",
          "the schema is not up to date, or is being migrated just now: run \"db migrate config.yml\","
              + " or start the service with ACUSE_MIGRATE_ON_START=true");
    }
    return state.unknown() > 0
        ? Finding.advice(
            "database.schema",
            "a newer version of Acuse has made %d changes that this one does not know"
                .formatted(state.unknown()))
        : Finding.ok("database.schema", "the schema is up to date");
  }

  private List<Finding> ofPostgresql(Connection connection) throws SQLException {
    List<Finding> found = new ArrayList<>();
    List<String> warnings = PostgresDurability.warnings(jdbi);
    warnings.forEach(warning -> found.add(Finding.wrong("database.durability", warning)));
    if (warnings.isEmpty()) {
      found.add(
          Finding.ok(
              "database.durability", "fsync, full_page_writes and synchronous_commit are on"));
    }
    String encoding = show(connection, "server_encoding");
    if (encoding.equals("UTF8")) {
      found.add(Finding.ok("database.encoding", "the encoding is UTF8"));
    }
    String isolation = show(connection, "default_transaction_isolation");
    found.add(
        isolation.equals(ISOLATION)
            ? Finding.ok("database.isolation", "transactions are " + ISOLATION)
            : Finding.advice(
                "database.isolation",
                ("the default isolation is %s: each transaction asks for %s, which costs round trips;"
                        + " ALTER ROLE … SET default_transaction_isolation TO '%s' spares them")
                    .formatted(isolation, ISOLATION, ISOLATION)));
    return found;
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + setting)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }
}
