package dev.acuse.database.h2;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.zip.ZipOutputStream;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * Copies an H2 file that is open. The statement {@code BACKUP TO} does the same, but fails where
 * another file of the same beginning lies beside it, because it then writes the entry twice (H2
 * 2.5.252).
 */
public final class H2Copy {
  private H2Copy() {}

  /**
   * Writes the file as one entry, a few KiB at a time. The copy is what a process that is killed at
   * some moment of this call would leave: all that was committed before it is in it.
   *
   * @param connection of a database whose space no other thread gives free meanwhile
   * @param out gets one entry more, whose name H2 chooses
   * @throws IOException if the file cannot be read, or {@code out} fails
   */
  public static void write(Connection connection, ZipOutputStream out) throws IOException {
    storeOf(connection).getFileStore().backup(out);
  }

  static MVStore storeOf(Connection connection) {
    try {
      var h2 = connection.unwrap(JdbcConnection.class);
      return ((SessionLocal) h2.getSession()).getDatabase().getStore().getMvStore();
    } catch (SQLException e) {
      throw new IllegalStateException("this is no connection to H2", e);
    }
  }
}
