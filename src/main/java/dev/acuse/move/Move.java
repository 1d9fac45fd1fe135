package dev.acuse.move;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.Schema;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.PauseSwitch;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Files;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Copies every row of an H2 file that nothing writes to into a PostgreSQL, compares both, and marks
 * the file as moved. Killed, it goes on where it was, as long as nothing has written to the file
 * since; else it begins anew.
 */
public final class Move {
  private final H2Files files;
  private final MoveTarget target;
  private final InstantSource clock;
  private final Consumer<String> progress;
  private final KeyHint keyHint;

  /** The H2 file, which nothing writes to. */
  @FunctionalInterface
  public interface Source {
    /** A connection to it; the caller closes it. */
    Connection open() throws SQLException;
  }

  /** Tells what must be done with keys before the target is used. */
  @FunctionalInterface
  public interface KeyHint {
    /**
     * A sentence; null if nothing must be done.
     *
     * @param source the H2 file, whose schema is up to date
     */
    @Nullable String of(Connection source);
  }

  /**
   * @param progress told how far it is, each time as a line
   * @param keyHint asked before anything is copied
   */
  public Move(
      H2Files files,
      MoveTarget target,
      InstantSource clock,
      Consumer<String> progress,
      KeyHint keyHint) {
    this.keyHint = keyHint;
    this.files = files;
    this.target = target;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Looks whether the target can be moved to, and brings its schema up to date. Whatever is refused
   * is refused here, while the inbox is still at work.
   *
   * @throws SetupException if it cannot
   */
  public void prepare() {
    try (Connection connection = target.connect()) {
      boolean isBegun = MoveState.isThere(connection);
      MoveNote moved = MoveNote.read(files.moved());
      if (moved != null && !isBegun) {
        throw new SetupException(
            "the inbox was moved already, to %s at %s".formatted(moved.to(), moved.at()));
      }
      if (!isBegun && !isEmpty(connection)) {
        throw notEmpty();
      }
    } catch (SQLException e) {
      throw failed(e);
    }
    target.prepare().forEach(progress);
  }

  /**
   * Moves.
   *
   * @param source read from now on
   * @return what was done, as a line
   * @throws SetupException if it failed; the inbox is where it was then
   */
  public String run(Source source) {
    try (Connection from = source.open();
        Connection to = target.connect()) {
      Schema.checkFloor(from);
      if (!Schema.isCurrent(from)) {
        throw new SetupException(
            "the schema of the H2 file is not the one of this version: start the service of this"
                + " version once, and move then");
      }
      String hint = keyHint.of(from);
      if (hint == null) {
        return run(from, to);
      }
      progress.accept(hint);
      return run(from, to) + ". " + hint;
    } catch (SQLException e) {
      throw failed(e);
    } catch (IOException e) {
      throw new SetupException("the move cannot be noted beside the H2 file: " + e, e);
    }
  }

  private String run(Connection from, Connection to) throws SQLException, IOException {
    List<MovedTable> tables = MovedTables.of(to, from);
    MoveState state = begin(tables, to);
    long rows;
    if (state.isChecked()) {
      rows = 0;
    } else {
      new TableCopy(from, to, state, progress).copy(tables);
      moveSequences(from, to, tables);
      rows = check(from, to, tables);
      endPause(to);
      new MoveState(state.move(), true, null, null).write(to);
      to.commit();
    }
    new MoveNote(state.move(), target.shown(), clock.instant()).write(files.moved());
    MoveState.drop(to);
    to.commit();
    return ("The inbox is in %s now: %d tables, %d rows, each compared. Set DATABASE_URL to it,"
            + " with DATABASE_USER and DATABASE_PASSWORD, and start: what waits in the spool"
            + " goes there. %s is left as it is")
        .formatted(target.shown(), tables.size(), rows, files.data());
  }

  /** Takes up this move, or begins one. */
  private MoveState begin(List<MovedTable> tables, Connection to) throws SQLException, IOException {
    MoveNote note = MoveNote.read(files.moved());
    if (note == null) {
      note = MoveNote.read(files.moving());
    }
    if (MoveState.isThere(to)) {
      MoveState state = MoveState.read(to);
      if (note != null && note.move().equals(state.move())) {
        progress.accept("the move goes on where it was cut off");
        return state;
      }
      progress.accept(
          "an earlier move was cut off, and the inbox has changed since: it begins anew");
      MoveState.drop(to);
    } else if (!FreshRows.areAll(to, tables)) {
      throw notEmpty();
    }
    try (Statement statement = to.createStatement()) {
      statement.execute(
          "TRUNCATE "
              + tables.stream().map(MovedTable::name).collect(Collectors.joining(", "))
              + " CASCADE");
    }
    String move = UUID.randomUUID().toString();
    new MoveNote(move, target.shown(), clock.instant()).write(files.moving());
    MoveState.create(to, move);
    to.commit();
    return new MoveState(move, false, null, null);
  }

  private SetupException notEmpty() {
    return new SetupException(
        "the target " + target.shown() + " is not empty: name a database of its own");
  }

  /**
   * Before it has our schema there must be no table; after that no row but what a migration makes.
   */
  private static boolean isEmpty(Connection to) throws SQLException {
    Set<String> names = MovedTables.names(to);
    return names.isEmpty() || names.contains("databasechangelog");
  }

  /** The next id is larger than any that was given, also to a row that is gone. */
  private static void moveSequences(Connection from, Connection to, List<MovedTable> tables)
      throws SQLException {
    try (Statement statement = from.createStatement();
        ResultSet generators =
            statement.executeQuery(
                """
                SELECT LOWER(table_name), LOWER(column_name), identity_base
                FROM information_schema.columns
                WHERE table_schema = 'PUBLIC' AND is_identity = 'YES'
                """)) {
      while (generators.next()) {
        String table = generators.getString(1);
        if (tables.stream().anyMatch(one -> one.name().equals(table))) {
          moveSequence(to, table, generators.getString(2), generators.getLong(3));
        }
      }
    }
  }

  private static void moveSequence(Connection to, String table, String column, long next)
      throws SQLException {
    try (PreparedStatement set =
        to.prepareStatement(
            "SELECT setval(pg_get_serial_sequence(?, ?), GREATEST(?, (SELECT COALESCE(MAX("
                + column
                + "), 0) + 1 FROM "
                + table
                + ")), FALSE)")) {
      set.setString(1, table);
      set.setString(2, column);
      set.setLong(3, next);
      set.executeQuery().close();
    }
  }

  private long check(Connection from, Connection to, List<MovedTable> tables) throws SQLException {
    long rows = 0;
    for (MovedTable table : tables) {
      RowDigest here = RowDigest.of(from, table);
      RowDigest there = RowDigest.of(to, table);
      if (!here.equals(there)) {
        throw new SetupException(
            ("the table %s is not the same in the target: %d rows here, %d there%s. The inbox is"
                    + " where it was; begin again with an empty database")
                .formatted(
                    table.name(),
                    here.rows(),
                    there.rows(),
                    here.rows() == there.rows() ? ", whose values differ" : ""));
      }
      rows += here.rows();
      progress.accept("%s: %d rows are the same".formatted(table.name(), here.rows()));
    }
    return rows;
  }

  /** The pause that the move itself has made is no operator's. */
  private void endPause(Connection to) {
    Jdbi jdbi = Jdbi.create(to).installPlugin(new AcuseJdbiPlugin());
    Moves.endPause(new PauseSwitch(jdbi, clock, new DueSignal()));
  }

  private SetupException failed(SQLException failure) {
    return new SetupException(
        "the move to " + target.shown() + " failed: " + failure.getMessage(), failure);
  }
}
