package dev.acuse.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk of an H2 file has room for an upgrade: H2 copies a table that gets a column, and
 * gives back what the old rows took only when the file is closed.
 */
final class UpgradeRoom {
  private static final Logger LOGGER = LoggerFactory.getLogger(UpgradeRoom.class);

  /** The first change that copies the large tables. */
  private static final String COPYING = "0020-event-h2";

  /** Free bytes for each byte of the file; docs/how-to/upgrade.md has what was measured. */
  private static final int TIMES = 2;

  private static final long MEGABYTE = 1 << 20;

  private UpgradeRoom() {}

  /**
   * Looks whether there is room, where the change that needs it is still to come.
   *
   * @param unrun the changes that are to be made of a database in use
   * @throws UnfitDatabaseException if there is too little; nothing has been changed then
   */
  static void check(Connection connection, List<String> unrun) throws SQLException {
    check(connection, unrun, file -> Files.getFileStore(file).getUsableSpace());
  }

  /** Tells how many bytes are free on the disk of a file. */
  @FunctionalInterface
  interface Free {
    long on(Path file) throws IOException;
  }

  static void check(Connection connection, List<String> unrun, Free free) throws SQLException {
    if (!unrun.contains(COPYING)) {
      return;
    }
    String path = one(connection, "CALL DATABASE_PATH()");
    if (path == null) {
      return;
    }
    Path file = file(path);
    try {
      long needed = TIMES * Files.size(file);
      long room = free.on(file);
      if (room < needed) {
        throw new UnfitDatabaseException(
            "the upgrade of the H2 file %s needs %d MB free on its disk, and there are %d MB: make"
                    .formatted(file, megabytes(needed), room / MEGABYTE)
                + " room and start again; nothing was changed, and the version before starts as it"
                + " did");
      }
    } catch (IOException e) {
      LOGGER.warn("the room on the disk of {} cannot be told: {}", file, e.toString());
    }
  }

  /** H2 names the file system before the path, as in {@code async:/var/lib/acuse/acuse}. */
  private static Path file(String path) {
    return Path.of(FilePath.get(path + ".mv.db").unwrap().toString()).toAbsolutePath();
  }

  private static long megabytes(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }

  private static @Nullable String one(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
