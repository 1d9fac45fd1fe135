package dev.acuse.recovery.file;

import java.sql.SQLException;

/** The new file cannot be written: it says nothing of the broken one. */
public final class NewFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The new file, and not the broken one, failed. */
  public NewFileException(SQLException cause) {
    super("the new file cannot be written", cause);
  }
}
