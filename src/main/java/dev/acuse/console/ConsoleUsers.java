package dev.acuse.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** The users of the console, as the configuration has them. Thread-safe. */
public final class ConsoleUsers {
  /** bcrypt looks at no more than this, in bytes. */
  public static final int MAX_PASSWORD_BYTES = 72;

  private static final int COST = 12;

  /** Hashing takes a processor for a quarter of a second; intake must not starve of logins. */
  private static final int AT_ONCE = 2;

  private static final Pattern USER =
      Pattern.compile(
          "([A-Za-z0-9._@-]{1,64}):(viewer|operator):(\\$2[aby]\\$[0-3][0-9]\\$[./A-Za-z0-9]{53})");

  private final Map<String, User> users;
  private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(COST);
  private final Semaphore hashing = new Semaphore(AT_ONCE);

  /** Compared with where there is no such user, so that the time tells nothing. */
  private final String nobodysHash = encoder.encode("nobody");

  private ConsoleUsers(Map<String, User> users) {
    this.users = users;
  }

  /** One user. */
  record User(String name, Role role, String hash) {}

  /** How a login went. */
  record Verdict(boolean busy, @Nullable User user) {}

  /**
   * Reads {@code name:role:hash,…}.
   *
   * @throws IllegalArgumentException if that is not what it is; the message quotes nothing
   */
  public static ConsoleUsers parse(String text) {
    var users = new LinkedHashMap<String, User>();
    for (String entry : entries(text)) {
      var matcher = USER.matcher(entry);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("a user of the console is not name:role:hash");
      }
      Role role = matcher.group(2).equals("viewer") ? Role.VIEWER : Role.OPERATOR;
      var user = new User(matcher.group(1), role, matcher.group(3));
      if (users.putIfAbsent(user.name(), user) != null) {
        throw new IllegalArgumentException("a user of the console is there twice");
      }
    }
    return new ConsoleUsers(users);
  }

  private static List<String> entries(String text) {
    var entries = new ArrayList<String>();
    for (String entry : text.split(",", -1)) {
      if (!entry.isBlank()) {
        entries.add(entry.strip());
      }
    }
    return entries;
  }

  static boolean areReadable(String text) {
    try {
      parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * What stands for a password in the configuration.
   *
   * @throws IllegalArgumentException if it has more than {@value #MAX_PASSWORD_BYTES} bytes
   */
  public static String hash(String password) {
    return new BCryptPasswordEncoder(COST).encode(password);
  }

  boolean isEmpty() {
    return users.isEmpty();
  }

  Optional<User> find(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /** Takes about as long for a name that nobody has. */
  Verdict authenticate(String name, String password) {
    if (!hashing.tryAcquire()) {
      return new Verdict(true, null);
    }
    try {
      User user = users.get(name);
      boolean right = encoder.matches(password, user == null ? nobodysHash : user.hash());
      return new Verdict(false, right ? user : null);
    } finally {
      hashing.release();
    }
  }
}
