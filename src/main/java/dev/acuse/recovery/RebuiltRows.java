package dev.acuse.recovery;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.recovery.file.NewFileException;
import dev.acuse.recovery.file.RowSink;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of the new file, and what goes into them. Of two rows with one key the first stays. A
 * row that the schema refuses is counted.
 */
final class RebuiltRows implements RowSink {
  private static final Logger LOGGER = LoggerFactory.getLogger(RebuiltRows.class);

  /** What Liquibase has written already, and what says which process works on what: none does. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "DATABASECHANGELOG",
          "DATABASECHANGELOGLOCK",
          "WEBHOOK_LEASES",
          "CLAIM_TURN",
          "INBOX_FENCE",
          "SCHEMA_FLOOR",
          "TAG_CARRY_OVER");

  /** Where the version before has an operator's pause, and this one its fence. */
  private static final String PAUSE_BEFORE = "INBOX_PAUSE";

  private static final String PAUSE = "INBOX_HOLD";
  private static final String FENCE = "upgrade: ";

  /**
   * What a migration has written into these is only made up for what is lost: {@link References}
   * writes it anew where the broken file had none.
   */
  private static final List<String> SEEDED =
      List.of("ACCOUNTS", "APPLICATIONS", "ACCOUNT_SETTINGS");

  private static final String EVENTS = "WEBHOOK_EVENTS";
  private static final int ROWS_A_COMMIT = 2_000;
  private static final int PROGRESS = 100_000;

  private final Connection connection;
  private final Instant now;
  private final Map<String, Set<String>> columns = new TreeMap<>();
  private final Map<String, PreparedStatement> inserts = new HashMap<>();
  private final Map<String, Long> inserted = new TreeMap<>();
  private long refused;
  private int uncommitted;
  private long total;

  /**
   * @param connection to the new file, whose schema is up to date, and where rows may refer to rows
   *     that are yet to come
   */
  RebuiltRows(Connection connection, Instant now) throws SQLException {
    this.connection = connection;
    this.now = now;
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                SELECT c.table_name, c.column_name FROM information_schema.columns c
                JOIN information_schema.tables t ON t.table_schema = c.table_schema
                  AND t.table_name = c.table_name
                WHERE c.table_schema = 'PUBLIC' AND t.table_type = 'BASE TABLE'
                """);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        if (!LEFT_OUT.contains(rows.getString(1))) {
          columns
              .computeIfAbsent(rows.getString(1), table -> new HashSet<>())
              .add(rows.getString(2));
        }
      }
    }
    try (Statement delete = connection.createStatement()) {
      for (String table : SEEDED) {
        delete.execute("DELETE FROM " + table);
      }
    }
    connection.setAutoCommit(false);
  }

  /** The tables that are filled. */
  Set<String> tables() {
    return columns.keySet();
  }

  @Override
  public void row(String table, Map<String, @Nullable Object> row) {
    if (table.equals(PAUSE_BEFORE)) {
      if (!String.valueOf(row.get("PAUSED_BY")).startsWith(FENCE)) {
        row(PAUSE, row);
      }
      return;
    }
    Map<String, @Nullable Object> ours = new TreeMap<>(row);
    ours.keySet().retainAll(columns.getOrDefault(table, Set.of()));
    if (table.equals(EVENTS)) {
      free(ours);
    }
    try {
      insert(table, ours);
    } catch (SQLException e) {
      refuse(table, e);
    }
  }

  /** Nobody works on it any more. */
  private void free(Map<String, @Nullable Object> event) {
    Object status = event.get("STATUS");
    boolean leased = "processing".equals(status);
    if (leased) {
      event.put("STATUS", "pending");
    }
    boolean isNeverDue = "pending".equals(status) && event.get("NEXT_RETRY_AT") == null;
    if (leased || isNeverDue) {
      event.put("NEXT_RETRY_AT", now.atOffset(ZoneOffset.UTC));
    }
  }

  private void insert(String table, Map<String, @Nullable Object> row) throws SQLException {
    if (row.isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>(row.keySet());
    String sql =
        "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING"
            .formatted(
                table,
                String.join(", ", names),
                names.stream().map(name -> "?").collect(Collectors.joining(", ")));
    PreparedStatement insert = inserts.get(sql);
    if (insert == null) {
      insert = connection.prepareStatement(sql);
      inserts.put(sql, insert);
    }
    for (int i = 0; i < names.size(); i++) {
      insert.setObject(i + 1, row.get(names.get(i)));
    }
    count(table, insert.executeUpdate());
  }

  private void count(String table, int rows) throws SQLException {
    inserted.merge(table, (long) rows, Long::sum);
    uncommitted += rows;
    total += rows;
    if (uncommitted >= ROWS_A_COMMIT) {
      commit();
    }
    if (rows > 0 && total % PROGRESS == 0) {
      LOGGER.info("{} rows are in the new file", total);
    }
  }

  private void refuse(String table, SQLException failure) {
    if (!DatabaseTrouble.isRefusal(failure)) {
      throw new NewFileException(failure);
    }
    refused++;
    LOGGER.warn("a row of {} is refused: {}", table, failure.getSQLState());
  }

  /** Makes what was inserted so far last. */
  void commit() throws SQLException {
    connection.commit();
    uncommitted = 0;
  }

  /** Closes what is open, but for the connection. */
  void end() throws SQLException {
    commit();
    for (PreparedStatement insert : inserts.values()) {
      insert.close();
    }
    connection.setAutoCommit(true);
  }

  /** How many rows of a table came in. */
  long inserted(String table) {
    return inserted.getOrDefault(table, 0L);
  }

  /** How many rows the schema refused. */
  long refused() {
    return refused;
  }
}
