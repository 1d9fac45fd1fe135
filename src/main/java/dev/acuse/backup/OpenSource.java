package dev.acuse.backup;

import dev.acuse.database.Schema;
import dev.acuse.database.h2.H2Maintenance;
import dev.acuse.intake.SpoolDrainer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.zip.ZipOutputStream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The H2 file of this process, which goes on to work on it. */
public final class OpenSource implements Backup.Source {
  private final Jdbi jdbi;
  private final H2Maintenance upkeep;
  private final @Nullable SpoolDrainer drainer;

  /**
   * @param drainer null if there is no spool
   */
  public OpenSource(Jdbi jdbi, H2Maintenance upkeep, @Nullable SpoolDrainer drainer) {
    this.jdbi = jdbi;
    this.upkeep = upkeep;
    this.drainer = drainer;
  }

  @Override
  public SpoolDrainer.Hold holdSpool() {
    return drainer == null ? () -> {} : drainer.hold();
  }

  @Override
  public int copyTo(ZipOutputStream out) throws IOException {
    try {
      int schema =
          jdbi.<Integer, SQLException>withHandle(handle -> Schema.ran(handle.getConnection()));
      upkeep.copyTo(out);
      return schema;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
