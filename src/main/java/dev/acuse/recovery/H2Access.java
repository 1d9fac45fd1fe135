package dev.acuse.recovery;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a file is opened: with the settings, the user and the key of the product's own.
 *
 * @param url as configured
 * @param properties of the driver
 */
public record H2Access(
    String url, @Nullable String user, @Nullable String password, Map<String, String> properties) {
  private static final List<String> LEFT_OUT =
      List.of("ACCESS_MODE_DATA", "IFEXISTS", "FORBID_CREATION");

  /**
   * Opens a file as it is, and writes nothing into it.
   *
   * @param base without {@code .mv.db}
   */
  public Connection openToRead(Path base) throws SQLException {
    return connect(url(base) + ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE");
  }

  /** Opens a file to write, or makes one. */
  Connection open(Path base) throws SQLException {
    return connect(url(base));
  }

  /** Whether pages of the file can be read only by their key. */
  boolean isEncrypted() {
    return Stream.concat(settings(), properties.keySet().stream())
        .anyMatch(setting -> setting.toUpperCase(Locale.ROOT).startsWith("CIPHER"));
  }

  private Connection connect(String at) throws SQLException {
    var all = new Properties();
    all.putAll(properties);
    all.put("user", user == null ? "" : user);
    all.put("password", password == null ? "" : password);
    return Objects.requireNonNull(org.h2.Driver.load().connect(at, all), "it is a URL of H2");
  }

  private String url(Path base) {
    return Stream.concat(
            Stream.of("jdbc:h2:file:" + base),
            settings().filter(setting -> LEFT_OUT.stream().noneMatch(name -> is(setting, name))))
        .collect(Collectors.joining(";"));
  }

  private static boolean is(String setting, String name) {
    return setting.toUpperCase(Locale.ROOT).startsWith(name);
  }

  private Stream<String> settings() {
    return Arrays.stream(url.split(";")).skip(1).filter(setting -> !setting.isEmpty());
  }
}
