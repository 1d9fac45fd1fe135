package dev.acuse.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC address, taken apart so that what is left of it may be printed: drivers and libraries show
 * it in errors, and it may hold passwords. What the driver would not understand is found here, and
 * said without any part of the address (pgjdbc 42.7, {@code Driver.parseURL}; H2 2.5, {@code
 * ConnectionInfo}).
 *
 * @param clean without user, password and parameters; of an address that has a fault the prefix
 *     alone
 * @param user null if it names none
 * @param password null if it holds none
 * @param properties the other parameters of PostgreSQL's driver, decoded
 * @param fault what is wrong with it, as a sentence; null if nothing is
 */
public record DatabaseUrl(
    String clean,
    @Nullable String user,
    @Nullable String password,
    Map<String, String> properties,
    @Nullable String fault) {
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final String H2 = "jdbc:h2:";
  private static final int MAX_PORT = 65_535;

  private static final String USER_INFO =
      "it must not name a user before the host: set DATABASE_USER and DATABASE_PASSWORD instead, or"
          + " write \"@\" as %40 in the name of a database";

  private static final Pattern SERVER =
      Pattern.compile("(?<host>[\\w.-]*|\\[[0-9A-Fa-f:.%\\w]+])(:(?<port>.*))?");

  private static final Pattern NAME = Pattern.compile("[A-Za-z]\\w*");

  /** Looked up by the driver in a file, which it does for the address alone. */
  private static final String SERVICE = "service";

  public DatabaseUrl {
    properties = Map.copyOf(properties);
  }

  /**
   * Takes an address apart; of one of another database nothing is left, and it has no fault here.
   */
  public static DatabaseUrl of(String url) {
    if (url.startsWith(POSTGRESQL)) {
      return ofPostgresql(url.substring(POSTGRESQL.length()));
    }
    // Of a database that is not supported there is nothing to be shown.
    String rest = url.isBlank() ? "" : "jdbc:";
    return url.startsWith(H2) ? ofH2(url) : new DatabaseUrl(rest, null, null, Map.of(), null);
  }

  private static DatabaseUrl ofH2(String url) {
    var clean = new StringBuilder();
    String user = null;
    String password = null;
    for (String part : url.split(";", -1)) {
      String name = part.toUpperCase(Locale.ROOT);
      if (clean.length() > 0 && name.startsWith("PASSWORD=")) {
        password = part.substring("PASSWORD=".length());
      } else if (clean.length() > 0 && name.startsWith("USER=")) {
        user = part.substring("USER=".length());
      } else {
        clean.append(clean.length() == 0 ? "" : ";").append(part);
      }
    }
    return new DatabaseUrl(clean.toString(), user, password, Map.of(), null);
  }

  private static DatabaseUrl ofPostgresql(String rest) {
    int question = rest.indexOf('?');
    String server = question < 0 ? rest : rest.substring(0, question);
    String fault = faultOfServer(server);
    var parameters = new LinkedHashMap<String, String>();
    if (question >= 0) {
      for (String parameter : rest.substring(question + 1).split("&", -1)) {
        String faultHere = parameter.isEmpty() ? null : add(parameter, parameters);
        fault = fault == null ? faultHere : fault;
      }
    }
    if (fault != null) {
      return new DatabaseUrl(POSTGRESQL, null, null, Map.of(), fault);
    }
    String user = parameters.remove("user");
    String password = parameters.remove("password");
    String service = parameters.remove(SERVICE);
    String clean = POSTGRESQL + server + (service == null ? "" : "?" + SERVICE + "=" + service);
    return new DatabaseUrl(clean, user, password, parameters, null);
  }

  private static @Nullable String faultOfServer(String server) {
    if (server.indexOf('@') >= 0) {
      return USER_INFO;
    }
    if (!server.startsWith("//")) {
      return isDecodable(server) ? null : "the name of the database has a broken % escape";
    }
    int slash = server.indexOf('/', 2);
    String hosts = slash < 0 ? server.substring(2) : server.substring(2, slash);
    for (String one : hosts.split(",", -1)) {
      var parts = SERVER.matcher(one);
      if (!parts.matches()) {
        return "its host is none: write jdbc:postgresql://host:5432/database";
      }
      String port = parts.group("port");
      if (port != null && !isPort(port)) {
        return "the port behind a host must be a number from 1 to 65535";
      }
    }
    return isDecodable(server) ? null : "the name of the database has a broken % escape";
  }

  private static boolean isPort(String port) {
    return port.matches("[0-9]{1,5}")
        && Integer.parseInt(port) > 0
        && Integer.parseInt(port) <= MAX_PORT;
  }

  private static @Nullable String add(String parameter, Map<String, String> parameters) {
    int equals = parameter.indexOf('=');
    String name = equals < 0 ? parameter : parameter.substring(0, equals);
    String value = equals < 0 ? "" : parameter.substring(equals + 1);
    if (!NAME.matcher(name).matches()) {
      return "behind the question mark stands what is no parameter: write name=value, with & between"
          + " them";
    }
    if (!isDecodable(value)) {
      return "the value of " + name + " has a broken % escape: write a % as %25";
    }
    parameters.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
    return null;
  }

  private static boolean isDecodable(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return clean;
  }
}
