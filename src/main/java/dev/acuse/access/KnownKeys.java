package dev.acuse.access;

import org.jspecify.annotations.Nullable;

/** Tells a key of the API from any other text. */
@FunctionalInterface
public interface KnownKeys {

  /**
   * What a text is that a caller sends as its key.
   *
   * @throws org.jdbi.v3.core.JdbiException if the database would have to be asked and is out of
   *     reach
   */
  Finding find(String sent);

  /** Whether a text has the form of a key at all. */
  static boolean isForm(String sent) {
    return KeySecret.isOne(sent);
  }

  /** What comes of a look. */
  enum Verdict {
    /** A key that may be used. */
    GOOD,
    /** It was one. */
    EXPIRED,
    /** It was one. */
    REVOKED,
    /** No key. */
    UNKNOWN,
    /** Too many look for keys that are not known: another try may tell. */
    BUSY
  }

  /**
   * What was found.
   *
   * @param key null where there is none, or it could not be looked for
   */
  record Finding(Verdict verdict, @Nullable ApiKey key) {
    /** No key. */
    public static final Finding UNKNOWN = new Finding(Verdict.UNKNOWN, null);

    static final Finding BUSY = new Finding(Verdict.BUSY, null);
  }
}
