package dev.acuse.move;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.DatabaseUrl;
import dev.acuse.database.PostgresDurability;
import dev.acuse.database.Schema;
import dev.acuse.database.UnfitDatabaseException;
import dev.acuse.process.Causes;
import dev.acuse.process.SetupException;
import dev.acuse.text.Secret;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The PostgreSQL that an inbox is moved to. */
public final class MoveTarget {
  private static final Logger LOGGER = LoggerFactory.getLogger(MoveTarget.class);

  /**
   * Batches go as one statement; nothing is given up for the time it takes; the details of an error
   * may hold what rows hold.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "reWriteBatchedInserts", "true",
          "connectTimeout", "5",
          "loginTimeout", "5",
          "tcpKeepAlive", "true",
          "logServerErrorDetail", "false",
          "ApplicationName", "acuse-move");

  private final DatabaseUrl address;
  private final Properties properties = new Properties();

  /**
   * @param url as {@code DATABASE_URL} would name it
   * @param user null if the address names it, or the driver's default is meant
   * @throws SetupException if the address is none of PostgreSQL, with a line that holds no part of
   *     it
   */
  public MoveTarget(String url, @Nullable String user, Secret password) {
    this.address = DatabaseUrl.of(url.strip());
    if (!address.clean().startsWith("jdbc:postgresql:") || address.fault() != null) {
      throw new SetupException(
          "--to must be an address of PostgreSQL, such as jdbc:postgresql://host:5432/acuse"
              + (address.fault() == null ? "" : ": " + address.fault()));
    }
    properties.putAll(SETTINGS);
    properties.putAll(address.properties());
    put("user", address.user() == null ? user : address.user());
    put("password", address.password() == null ? password.revealOrNull() : address.password());
  }

  private void put(String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      properties.put(name, value);
    }
  }

  /** Its address without what may be a secret. */
  String shown() {
    return address.clean();
  }

  /**
   * Connects; a transaction is to be committed by the caller.
   *
   * @throws SetupException if that fails
   */
  Connection connect() {
    try {
      Connection connection = DriverManager.getConnection(address.clean(), properties);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      throw new SetupException(
          "the target " + shown() + " cannot be used: " + Causes.root(e).getMessage(), e);
    }
  }

  /**
   * Judges it as a start would, and brings its schema up to date.
   *
   * @return what an operator should know of it, each as a sentence
   * @throws SetupException if it is not what Acuse needs
   */
  List<String> prepare() {
    ManagedDataSource source = pool();
    try {
      source.start();
      var schema = new Schema(source);
      Schema.State state = schema.judgeTarget();
      if (state.unknown() > 0) {
        throw new SetupException(
            "the target " + shown() + " has a schema of a newer version: move by that version");
      }
      List<String> warnings = PostgresDurability.warnings(Jdbi.create(source));
      String lossy =
          warnings.stream()
              .filter(one -> one.startsWith("synchronous_commit is off"))
              .findFirst()
              .orElse(null);
      if (lossy != null) {
        throw new SetupException("the target " + shown() + " would lose webhooks: " + lossy);
      }
      schema.migrate();
      return warnings;
    } catch (UnfitDatabaseException | Schema.SchemaException e) {
      throw new SetupException("the target " + shown() + ": " + e.getMessage(), e);
    } catch (SetupException e) {
      throw e;
    } catch (Exception e) {
      throw new SetupException(
          "the target " + shown() + " cannot be used: " + Causes.root(e).getMessage(), e);
    } finally {
      stop(source);
    }
  }

  private ManagedDataSource pool() {
    var factory = new DataSourceFactory();
    factory.setDriverClass("org.postgresql.Driver");
    factory.setUrl(address.clean());
    Map<String, String> settings = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> settings.put(name, properties.getProperty(name)));
    factory.setUser(settings.remove("user"));
    factory.setPassword(settings.remove("password"));
    factory.setProperties(settings);
    factory.setInitialSize(1);
    factory.setMinSize(1);
    factory.setMaxSize(2);
    return factory.build(new MetricRegistry(), "move-target");
  }

  private static void stop(ManagedDataSource source) {
    try {
      source.stop();
    } catch (Exception e) {
      LOGGER.debug("the connections to the target could not be closed", e);
    }
  }
}
