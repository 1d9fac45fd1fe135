package dev.acuse.database;

import dev.acuse.process.SetupException;

/**
 * The database is not what Acuse needs, and waiting will not mend it. The message is one line,
 * which says what is missing and what to do; it names no secret.
 */
public final class UnfitDatabaseException extends SetupException {
  private static final long serialVersionUID = 1L;

  UnfitDatabaseException(String message) {
    super(message);
  }
}
