package dev.acuse;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.database.h2.H2Url;
import dev.acuse.doctor.Finding;
import dev.acuse.inbox.DeliveryReader;
import io.dropwizard.db.DataSourceFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The database of a service that does not run, by one connection. It is not made, not migrated and,
 * if it is broken, not made anew: that is what a start does.
 *
 * @param connection null if there is none
 * @param why what keeps it from being opened; null if nothing does
 */
record ClosedDatabase(@Nullable Connection connection, @Nullable Finding why)
    implements AutoCloseable {
  private static final String NAME = "database";

  /** Seconds; the service has its own, in its pools. */
  private static final String TIMEOUT = "10";

  /** Opens it, or says why not. */
  static ClosedDatabase of(AcuseConfiguration config) {
    DataSourceFactory settings = config.database();
    String url = String.valueOf(settings.getUrl());
    if (config.isH2()) {
      Path file = Path.of(H2Url.file(url) + ".mv.db");
      if (!Files.exists(file)) {
        return not(
            Finding.ok(NAME, file + " is not there yet: the first start of the service makes it"));
      }
    }
    try {
      // H2 would make a file that is not there, where a start is between the look and this.
      return new ClosedDatabase(
          connect(
              config.isH2() ? H2Url.uninterrupted(url) + ";IFEXISTS=TRUE" : url,
              config.isH2() ? new Properties() : timeouts(),
              settings),
          null);
    } catch (SQLException e) {
      return not(unopened(e));
    }
  }

  private static Finding unopened(SQLException e) {
    return DatabaseTrouble.isFileInUse(e)
        ? Finding.advice(
            NAME,
            "another process has the H2 file open, though no service listens at the admin port: a"
                + " command, or a service with another ADMIN_PORT")
        : Finding.wrong(NAME, "it cannot be opened: " + Mistakes.text(e));
  }

  private static ClosedDatabase not(Finding why) {
    return new ClosedDatabase(null, why);
  }

  private static Properties timeouts() {
    var properties = new Properties();
    for (String name : List.of("connectTimeout", "loginTimeout", "socketTimeout")) {
      properties.setProperty(name, TIMEOUT);
    }
    properties.setProperty("logServerErrorDetail", "false");
    return properties;
  }

  private static Connection connect(String url, Properties properties, DataSourceFactory settings)
      throws SQLException {
    settings.getProperties().forEach(properties::setProperty);
    properties.setProperty("user", settings.getUser() == null ? "" : settings.getUser());
    properties.setProperty(
        "password", settings.getPassword() == null ? "" : settings.getPassword());
    return DriverManager.getConnection(url, properties);
  }

  /** Adds the checks that can be made by it. */
  void addTo(Checkup checkup, Clock clock) {
    if (why != null) {
      checkup.database(why);
    }
    if (connection != null) {
      Jdbi jdbi = Jdbi.create(connection).installPlugin(new AcuseJdbiPlugin());
      checkup.database(jdbi).webhooks(new DeliveryReader(jdbi), clock);
    }
  }

  @Override
  public void close() throws SQLException {
    if (connection != null) {
      connection.close();
    }
  }
}
