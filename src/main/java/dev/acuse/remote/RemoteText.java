package dev.acuse.remote;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes another system's words fit for our logs, tables and pages. */
final class RemoteText {
  private static final int MAX_LENGTH = 300;
  private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cntrl}\\u2028\\u2029]+");

  /**
   * The local part is bounded, as RFC 5321 has it: a text without end must not cost quadratic time.
   */
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@\"'<>()]{1,64}@([A-Za-z0-9.-]{1,253})");

  /** The forms of tokens of MercadoPago and of GoHighLevel, of which an answer may hold a part. */
  private static final Pattern TOKEN =
      Pattern.compile("\\b(?:APP_USR|TEST|TG|pit)-[A-Za-z0-9_-]{6,256}");

  private RemoteText() {}

  /**
   * One line of at most 300 characters, without the secret and without the names of mailboxes.
   *
   * @param secret what we sent to authenticate; null if nothing
   */
  static String clean(String text, @Nullable String secret) {
    String cut = text.length() <= 4 * MAX_LENGTH ? text : text.substring(0, 4 * MAX_LENGTH);
    String line = BLANK.matcher(cut).replaceAll(" ").strip();
    if (secret != null && !secret.isEmpty()) {
      line = line.replace(secret, "[REDACTED]");
    }
    line = TOKEN.matcher(line).replaceAll("[REDACTED]");
    line = EMAIL.matcher(line).replaceAll("***@$1");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH - 1) + "…";
  }
}
