package dev.acuse.gohighlevel;

import java.util.regex.Pattern;

/**
 * Whether a text can be an e-mail address. MercadoPago hands on what payers typed, and masks of it;
 * GoHighLevel's search refuses what is none.
 */
final class EmailAddress {
  /** RFC 5321, section 4.5.3.1, less the brackets of a path. */
  private static final int MAX_LENGTH = 254;

  /** RFC 5322's atoms with dots between them, and letters of all languages (RFC 6531). */
  private static final String ATOM = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]";

  private static final String LABEL =
      "[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?";

  /** No top-level domain is shorter than two letters, or all digits. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?=[^@]{1,64}@)%1$s+(?:\\.%1$s+)*@(?:%2$s\\.)+(?:xn--[a-z0-9-]{1,59}|\\p{L}[\\p{L}\\p{M}]{1,62})"
              .formatted(ATOM, LABEL),
          Pattern.CASE_INSENSITIVE);

  private EmailAddress() {}

  /** Whether it can be one. */
  static boolean matches(String text) {
    return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
  }
}
