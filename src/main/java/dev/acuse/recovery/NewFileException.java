package dev.acuse.recovery;

import java.sql.SQLException;

/** The new file cannot be written: it says nothing of the broken one. */
final class NewFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NewFileException(SQLException cause) {
    super("the new file cannot be written", cause);
  }
}
