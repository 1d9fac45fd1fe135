package dev.acuse.access;

import java.nio.charset.StandardCharsets;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** How passwords are kept. */
public final class Passwords {
  /** In characters. */
  public static final int SHORTEST = 10;

  /** bcrypt looks at no more than this, in bytes. */
  public static final int MOST_BYTES = 72;

  /** bcrypt's, of every hash that is made here; each more doubles the time. */
  public static final int COST = 12;

  private Passwords() {}

  /** What is wrong with a new password, as the rest of a sentence; empty if nothing is. */
  public static String fault(String password) {
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      return "must have " + SHORTEST + " characters or more";
    }
    return password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
        ? "may have " + MOST_BYTES + " bytes at most"
        : "";
  }

  /**
   * What stands for a password.
   *
   * @throws IllegalArgumentException if it has more than {@value #MOST_BYTES} bytes
   */
  public static String hash(String password) {
    return new BCryptPasswordEncoder(COST).encode(password);
  }

  /**
   * The hash of a password that may be one.
   *
   * @throws InvalidAccessException if it is too short or too long
   */
  static String hashChecked(String password) {
    String fault = fault(password);
    if (!fault.isEmpty()) {
      throw new InvalidAccessException("password", fault);
    }
    return hash(password);
  }
}
