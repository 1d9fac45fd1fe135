package dev.acuse.access;

/** What was asked for a person or a key is not what it should be. Nothing was changed. */
public final class InvalidAccessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String expectation;

  InvalidAccessException(String field, String expectation) {
    super("'" + field + "' " + expectation);
    this.field = field;
    this.expectation = expectation;
  }

  /** The name of what is wrong, such as {@code expires_at}. */
  public String field() {
    return field;
  }

  /** What it must be, as the rest of a sentence; it quotes nothing secret. */
  public String expectation() {
    return expectation;
  }
}
