package dev.acuse.text;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of an id that another system gave: it may stand in a path, a key and a log line as it
 * is.
 */
public final class ExternalId {
  /** The form as a regular expression. */
  public static final String FORM = "[A-Za-z0-9_-]{1,64}";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  private ExternalId() {}

  /**
   * Whether the text has this form.
   *
   * @param text null has not
   */
  public static boolean matches(@Nullable String text) {
    return text != null && PATTERN.matcher(text).matches();
  }

  /** The text if it has this form, else null. */
  public static @Nullable String orNull(@Nullable String text) {
    return matches(text) ? text : null;
  }
}
