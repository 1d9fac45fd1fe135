package dev.acuse.console.session;

import dev.acuse.access.AccessRole;
import dev.acuse.access.Passwords;
import dev.acuse.access.Person;
import dev.acuse.access.PersonStore;
import dev.acuse.event.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * The users of the console: those of the configuration, and the people of the database beside them.
 * Where both have a name, it is the configured user's. Thread-safe.
 */
public final class ConsoleUsers {
  private static final Pattern USER =
      Pattern.compile(
          "([A-Za-z0-9._@-]{1,64}):(viewer|operator):(\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53})");

  /** A salt and a hash that no password has. */
  private static final String NOBODYS = "zzzzzzzzzzzzzzzzzzzzzO" + "z".repeat(30) + "O";

  private final Map<String, User> users;

  /** Null where there are none but the configured. */
  private final @Nullable PersonStore people;

  private ConsoleUsers(Map<String, User> users, @Nullable PersonStore people) {
    this.users = users;
    this.people = people;
  }

  /**
   * One user.
   *
   * @param scope whose accounts the user sees
   * @param hash bcrypt's, of the password
   * @param credential another one whenever the user's sessions are to end
   */
  public record User(String name, AccessRole role, Scope scope, String hash, String credential) {
    private static User of(Person person) {
      return new User(
          person.name(),
          person.role(),
          person.scope(),
          person.passwordHash(),
          person.passwordHash() + "\n" + person.role().code() + "\n" + person.updatedAt());
    }

    int cost() {
      return Integer.parseInt(hash.substring(4, 6));
    }

    /** Without the hash. */
    @Override
    public String toString() {
      return "User " + name;
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
      // An operator of the configuration does everything, as before there were admins.
      AccessRole role = matcher.group(2).equals("viewer") ? AccessRole.VIEWER : AccessRole.ADMIN;
      String hash = matcher.group(3);
      var user = new User(matcher.group(1), role, Scope.everything(), hash, hash);
      if (users.putIfAbsent(user.name(), user) != null) {
        throw new IllegalArgumentException("a user of the console is there twice");
      }
    }
    return new ConsoleUsers(users, null);
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

  /** The same users, and these people. */
  public ConsoleUsers with(PersonStore others) {
    return new ConsoleUsers(users, others);
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

  /** Whether there is no user at all. */
  public boolean isEmpty() {
    return users.isEmpty() && !areThereOthers();
  }

  private boolean areThereOthers() {
    return people != null && people.isAny();
  }

  /**
   * The user of this name.
   *
   * @throws org.jdbi.v3.core.JdbiException if it is none of the configuration's, and the database
   *     is out of reach
   */
  public Optional<User> find(String name) {
    User configured = users.get(name);
    if (configured != null || people == null) {
      return Optional.ofNullable(configured);
    }
    return people.signsIn(name).map(User::of);
  }

  /**
   * The user, if the password is right. Takes as long for a name that nobody has, and for one whose
   * hash costs less than that of another: so the time tells nothing.
   */
  public Optional<User> authenticate(String name, String password) {
    Optional<User> user = find(name);
    int dearest = dearest();
    String hash = user.map(User::hash).orElseGet(() -> setting(dearest) + NOBODYS);
    boolean right = BCrypt.checkpw(password, hash);
    padding(user.map(User::cost).orElse(dearest), dearest)
        .forEach(
            cost -> {
              String unused = BCrypt.hashpw("padding", setting(cost) + NOBODYS);
            });
    return right ? user : Optional.empty();
  }

  /** The costs of what has to be hashed after a hash of this cost to have done the dearest work. */
  IntStream padding(int cost) {
    return padding(cost, dearest());
  }

  private static IntStream padding(int cost, int dearest) {
    return IntStream.range(cost, dearest);
  }

  /** The cost of the hash that takes longest; each more doubles the time. */
  private int dearest() {
    int configured = users.values().stream().mapToInt(User::cost).max().orElse(Passwords.COST);
    return areThereOthers() ? Math.max(configured, Passwords.COST) : configured;
  }

  private static String setting(int cost) {
    return "$2a$%02d$".formatted(cost);
  }
}
