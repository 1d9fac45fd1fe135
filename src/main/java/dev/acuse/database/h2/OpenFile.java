package dev.acuse.database.h2;

import dev.acuse.process.Causes;
import java.sql.SQLException;

/** H2's file has one process at a time. */
public final class OpenFile {
  /** H2's error code for a file that another process has open. */
  private static final int FILE_IS_OPEN = 90_020;

  private OpenFile() {}

  /** Whether a command failed because a server, or another command, has the file open. */
  public static boolean isCauseOf(Throwable failure) {
    return Causes.any(
        failure, cause -> cause instanceof SQLException sql && sql.getErrorCode() == FILE_IS_OPEN);
  }
}
