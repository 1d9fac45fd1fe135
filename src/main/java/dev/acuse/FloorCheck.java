package dev.acuse;

import dev.acuse.database.Schema;
import dev.acuse.database.h2.H2Url;
import dev.acuse.recovery.H2Files;
import io.dropwizard.db.DataSourceFactory;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For commands that do not open the database as the service does: refuses one that a newer version
 * has made unfit for this one.
 */
final class FloorCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(FloorCheck.class);

  /** In seconds. */
  private static final Map<String, String> PATIENCE =
      Map.of("connectTimeout", "2", "loginTimeout", "2", "socketTimeout", "5");

  private FloorCheck() {}

  /**
   * Looks at the database if it can be read now: one that is out, in use or not made yet is left to
   * those that need it.
   *
   * @throws dev.acuse.database.UnfitDatabaseException if its floor is above this version
   */
  static void refuse(AcuseConfiguration config) {
    try (Connection connection = open(config)) {
      if (connection != null) {
        Schema.checkFloor(connection);
      }
    } catch (SQLException e) {
      LOGGER.debug("the floor of the schema cannot be read now", e);
    }
  }

  private static @Nullable Connection open(AcuseConfiguration config) throws SQLException {
    DataSourceFactory factory = config.database();
    String url = String.valueOf(factory.getUrl());
    if (config.isH2()) {
      var files = new H2Files(H2Url.file(url));
      return Files.exists(files.data()) ? H2Start.access(factory).openToRead(files.base()) : null;
    }
    var properties = new Properties();
    properties.putAll(PATIENCE);
    properties.putAll(factory.getProperties());
    put(properties, "user", factory.getUser());
    put(properties, "password", factory.getPassword());
    return DriverManager.getConnection(url, properties);
  }

  private static void put(Properties properties, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      properties.put(name, value);
    }
  }
}
