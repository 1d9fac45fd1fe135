package dev.acuse.process;

import org.jspecify.annotations.Nullable;

/**
 * A mistake in how this installation is set up, which no waiting mends: the process ends with it.
 * Its message is all that is told: one line that names the key and what to do, and no secret.
 */
public class SetupException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** A mistake that was found by looking. */
  public SetupException(String message) {
    super(message);
  }

  /**
   * A mistake that made something fail.
   *
   * @param cause null if nothing has failed yet
   */
  public SetupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
