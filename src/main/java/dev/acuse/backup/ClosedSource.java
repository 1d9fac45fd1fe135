package dev.acuse.backup;

import dev.acuse.database.Schema;
import dev.acuse.database.h2.H2Copy;
import dev.acuse.intake.SpoolDrainer;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Access;
import dev.acuse.recovery.H2Files;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.zip.ZipOutputStream;

/** An H2 file that no process uses: it is read, and no other process can open it meanwhile. */
public final class ClosedSource implements Backup.Source {
  private final H2Files files;
  private final H2Access access;

  public ClosedSource(H2Files files, H2Access access) {
    this.files = files;
    this.access = access;
  }

  @Override
  public SpoolDrainer.Hold holdSpool() {
    return () -> {};
  }

  @Override
  public int copyTo(ZipOutputStream out) throws IOException {
    try (Connection connection = access.openToRead(files.base())) {
      Schema.checkFloor(connection);
      int schema = Schema.ran(connection);
      H2Copy.write(connection, out);
      return schema;
    } catch (SQLException e) {
      throw new SetupException(
          "the H2 file "
              + files.data()
              + " cannot be opened, so that a backup of it would be worth nothing: "
              + e.getMessage(),
          e);
    }
  }
}
