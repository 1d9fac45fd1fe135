package dev.acuse.console.session;

import dev.acuse.console.session.ConsoleUsers.User;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells a browser that a user has logged in by before, by a cookie that only this service can have
 * made: a random name, and a code over it by the hash of the user's password. It is no session; it
 * only keeps the failures of others from holding this browser back. It ends with the password.
 */
public final class KnownDevice {
  private static final Pattern COOKIE =
      Pattern.compile("([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{43})");

  private KnownDevice() {}

  /** A new cookie for a user who has just logged in. */
  public static String grant(User user) {
    String name = Secrets.newToken();
    return name + "." + code(user, name);
  }

  /**
   * The browser's name.
   *
   * @param user who is logging in; null: a name that nobody has
   * @return null if the user has not logged in by it, or with another password
   */
  public static @Nullable String of(@Nullable User user, @Nullable String cookie) {
    Matcher matcher = COOKIE.matcher(cookie == null ? "" : cookie);
    if (user == null || !matcher.matches()) {
      return null;
    }
    String name = matcher.group(1);
    return Secrets.same(code(user, name), matcher.group(2)) ? name : null;
  }

  private static String code(User user, String name) {
    return Secrets.sign(user.hash(), "device\n" + user.name() + "\n" + name);
  }
}
