package dev.acuse.database.h2;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An H2 URL, judged by whether what was acknowledged survives a kill and a power cut. Only settings
 * that are known to be harmless may stand in it (H2 2.4, "Database Settings" and "SET").
 */
public final class H2Url {
  private static final String PREFIX = "jdbc:h2:";
  private static final String FILE = "file:";

  /** Another file system, or a server; one letter is a Windows drive. */
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9]+):.*");

  /**
   * H2's file system over asynchronous channels. A thread that is interrupted while it reads or
   * writes has its ordinary channel closed ({@link java.nio.channels.InterruptibleChannel}), and H2
   * then closes the whole database; an asynchronous channel stays open. The file is the same.
   */
  private static final String UNINTERRUPTED = "async:";

  private static final Pattern ANY = Pattern.compile(".*");

  /** What each setting may be. */
  private static final Map<String, Pattern> ALLOWED =
      Map.ofEntries(
          Map.entry("MODE", Pattern.compile("(?i)PostgreSQL")),
          Map.entry("WRITE_DELAY", Pattern.compile("0")),
          Map.entry("FILE_LOCK", Pattern.compile("(?i)FS|FILE|SOCKET")),
          Map.entry("ACCESS_MODE_DATA", Pattern.compile("(?i)rw")),
          Map.entry("REUSE_SPACE", Pattern.compile("(?i)TRUE")),
          Map.entry("AUTO_SERVER", Pattern.compile("(?i)FALSE")),
          Map.entry("CACHE_SIZE", ANY),
          Map.entry("CIPHER", ANY),
          Map.entry("COMPRESS", ANY),
          Map.entry("DB_CLOSE_DELAY", ANY),
          Map.entry("DB_CLOSE_ON_EXIT", ANY),
          Map.entry("DEFAULT_LOCK_TIMEOUT", ANY),
          Map.entry("FORBID_CREATION", ANY),
          Map.entry("IFEXISTS", ANY),
          Map.entry("JMX", ANY),
          Map.entry("LOCK_TIMEOUT", ANY),
          Map.entry("MAX_COMPACT_TIME", ANY),
          Map.entry("PASSWORD", ANY),
          Map.entry("QUERY_TIMEOUT", Pattern.compile("0")),
          Map.entry("TIME ZONE", ANY),
          Map.entry("TRACE_LEVEL_FILE", ANY),
          Map.entry("TRACE_LEVEL_SYSTEM_OUT", ANY),
          Map.entry("TRACE_MAX_FILE_SIZE", ANY),
          Map.entry("USER", ANY));

  private static final Map<String, String> REASONS =
      Map.of(
          "WRITE_DELAY", "must be 0: a kill would lose what was acknowledged",
          "MODE", "must be PostgreSQL: the statements are written for it",
          "FILE_LOCK", "must not be switched off: a second process would destroy the file",
          "ACCESS_MODE_DATA", "must be rw: nothing could be stored",
          "RETENTION_TIME", "must not be set: a power cut could destroy the file",
          "LOCK_MODE", "must not be set: without locks transactions see each other's halves",
          "REUSE_SPACE", "must not be switched off: the file would grow for ever",
          "INIT", "must not be set: it could change any of the others",
          "AUTO_SERVER", "must be off: two processes would claim the same events",
          "QUERY_TIMEOUT", "must be 0: a commit must not be cut short");

  private final String location;
  private final Map<String, List<String>> settings = new TreeMap<>();

  private H2Url(String url, Map<String, String> properties) {
    String[] parts = url.substring(PREFIX.length()).split(";", -1);
    location = parts[0];
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (!parts[i].isEmpty()) {
        add(
            equals < 0 ? parts[i] : parts[i].substring(0, equals),
            equals < 0 ? "" : parts[i].substring(equals + 1));
      }
    }
    properties.forEach(this::add);
  }

  private void add(String name, String value) {
    settings.computeIfAbsent(name.toUpperCase(Locale.ROOT), key -> new ArrayList<>()).add(value);
  }

  /** Whether a JDBC address is one of H2. */
  public static boolean isH2(String url) {
    return url.startsWith(PREFIX);
  }

  /**
   * What must change before webhooks may be acknowledged by this database, each as a sentence that
   * names the setting and never its value (which may be a password); empty if nothing must.
   *
   * @param url begins with {@code jdbc:h2:}
   * @param properties of the driver, which H2 takes for settings too
   */
  public static List<String> faults(String url, Map<String, String> properties) {
    var parsed = new H2Url(url, properties);
    List<String> faults = new ArrayList<>(parsed.faultsOfLocation());
    for (String needed : List.of("WRITE_DELAY", "MODE")) {
      if (!parsed.settings.containsKey(needed)) {
        faults.add(fault(needed));
      }
    }
    parsed.settings.forEach(
        (name, values) -> {
          Pattern allowed = ALLOWED.get(name);
          if (allowed == null
              || !values.stream().allMatch(value -> allowed.matcher(value).matches())) {
            faults.add(fault(name));
          }
        });
    return faults;
  }

  private static String fault(String name) {
    return name
        + " "
        + REASONS.getOrDefault(name, "is not known to keep what was acknowledged: leave it out");
  }

  /**
   * The folder of the file.
   *
   * @param url of which {@link #faults} finds none
   */
  public static Path folder(String url) {
    return Objects.requireNonNull(file(url).getParent(), "a file is in a folder");
  }

  /**
   * The database, absolute and without the extensions of its files.
   *
   * @param url of which {@link #faults} finds none
   */
  public static Path file(String url) {
    String path = new H2Url(url, Map.of()).path();
    String home = System.getProperty("user.home");
    return Path.of(path.startsWith("~") ? home + path.substring(1) : path)
        .toAbsolutePath()
        .normalize();
  }

  /**
   * The same database, opened so that an interrupt of a thread that uses it does not close it.
   *
   * @param url of which {@link #faults} finds none, or an answer of this method
   */
  public static String uninterrupted(String url) {
    int end = url.indexOf(';');
    return PREFIX + UNINTERRUPTED + file(url) + (end < 0 ? "" : url.substring(end));
  }

  /** Whether the URL lets H2 make the file if there is none. */
  public static boolean mayCreate(String url) {
    Map<String, List<String>> settings = new H2Url(url, Map.of()).settings;
    return Stream.of("IFEXISTS", "FORBID_CREATION")
        .flatMap(name -> settings.getOrDefault(name, List.of()).stream())
        .noneMatch(value -> !value.equalsIgnoreCase("FALSE"));
  }

  private String path() {
    return location.startsWith(UNINTERRUPTED)
        ? location.substring(UNINTERRUPTED.length())
        : pathAsGiven();
  }

  private String pathAsGiven() {
    return location.startsWith(FILE) ? location.substring(FILE.length()) : location;
  }

  private List<String> faultsOfLocation() {
    String path = pathAsGiven();
    var scheme = SCHEME.matcher(path);
    if (scheme.matches()) {
      return List.of(
          scheme.group(1) + ": is not a file on a local disk: use jdbc:h2:file:./data/acuse");
    }
    return path.isEmpty() || path.equals(".") ? List.of("it names no file") : List.of();
  }
}
