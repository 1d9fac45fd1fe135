package dev.acuse.console.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.springframework.security.crypto.bcrypt.BCrypt;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** The users of the console, as the configuration has them. Thread-safe. */
public final class ConsoleUsers {
  /** bcrypt looks at no more than this, in bytes. */
  public static final int MAX_PASSWORD_BYTES = 72;

  private static final int COST = 12;

  private static final Pattern USER =
      Pattern.compile(
          "([A-Za-z0-9._@-]{1,64}):(viewer|operator):(\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53})");

  /** A salt and a hash that no password has. */
  private static final String NOBODYS = "zzzzzzzzzzzzzzzzzzzzzO" + "z".repeat(30) + "O";

  private final Map<String, User> users;

  /** The cost of the hash that takes longest; each more doubles the time. */
  private final int dearest;

  private ConsoleUsers(Map<String, User> users) {
    this.users = users;
    this.dearest = users.values().stream().mapToInt(User::cost).max().orElse(COST);
  }

  /** One user. */
  public record User(String name, Role role, String hash) {
    int cost() {
      return Integer.parseInt(hash.substring(4, 6));
    }
  }

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

  /** Whether the text of the configuration can be read. */
  public static boolean areReadable(String text) {
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

  /** Whether no user is configured. */
  public boolean isEmpty() {
    return users.isEmpty();
  }

  /** The user of this name. */
  public Optional<User> find(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /**
   * The user, if the password is right. Takes as long for a name that nobody has, and for one whose
   * hash costs less than that of another: so the time tells nothing.
   */
  public Optional<User> authenticate(String name, String password) {
    Optional<User> user = find(name);
    String hash = user.map(User::hash).orElseGet(() -> setting(dearest) + NOBODYS);
    boolean right = BCrypt.checkpw(password, hash);
    padding(user.map(User::cost).orElse(dearest))
        .forEach(
            cost -> {
              String unused = BCrypt.hashpw("padding", setting(cost) + NOBODYS);
            });
    return right ? user : Optional.empty();
  }

  /** The costs of what has to be hashed after a hash of this cost to have done the dearest work. */
  IntStream padding(int cost) {
    return IntStream.range(cost, dearest);
  }

  private static String setting(int cost) {
    return "$2a$%02d$".formatted(cost);
  }
}
