package dev.acuse.support;

import dev.acuse.database.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One real PostgreSQL for the whole test run: the one that {@code TEST_DATABASE_URL} names (a JDBC
 * URL with user and password of somebody who may create databases), else an embedded one. Each test
 * gets a database of its own, copied from a migrated template.
 */
final class PostgresServer {
  /** A session zone that is not UTC brings time bugs to light. */
  private static final String SESSION_ZONE = "America/Los_Angeles";

  private static final AtomicInteger NEXT = new AtomicInteger();

  private final String adminUrl;

  private PostgresServer(String adminUrl) {
    this.adminUrl = adminUrl;
    String template = name("template");
    createDatabase(template, "template0");
    var dataSource = new PGSimpleDataSource();
    dataSource.setURL(urlOf(template));
    new Schema(dataSource).migrate();
    this.template = template;
  }

  private final String template;

  static PostgresServer instance() {
    return Holder.INSTANCE;
  }

  /** A new migrated database; returns its JDBC URL, which holds user and password. */
  String newDatabase() {
    String name = name("test" + NEXT.incrementAndGet());
    createDatabase(name, template);
    return urlOf(name);
  }

  /** A new database without tables. */
  String newEmptyDatabase() {
    String name = name("empty" + NEXT.incrementAndGet());
    createDatabase(name, "template0");
    return urlOf(name);
  }

  void drop(String url) {
    String name = URI.create(url.substring("jdbc:".length())).getPath().substring(1);
    execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
  }

  private void createDatabase(String name, String from) {
    execute("CREATE DATABASE \"" + name + "\" TEMPLATE \"" + from + "\"");
    execute("ALTER DATABASE \"" + name + "\" SET timezone TO '" + SESSION_ZONE + "'");
  }

  private void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(adminUrl);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(String what) {
    return "acuse_" + ProcessHandle.current().pid() + "_" + what;
  }

  private String urlOf(String database) {
    int start = adminUrl.indexOf('/', adminUrl.indexOf("//") + 2) + 1;
    int end = adminUrl.indexOf('?', start);
    return adminUrl.substring(0, start) + database + (end < 0 ? "" : adminUrl.substring(end));
  }

  private static final class Holder {
    static final PostgresServer INSTANCE = start();

    private static PostgresServer start() {
      String given = System.getenv("TEST_DATABASE_URL");
      if (given != null && !given.isBlank()) {
        return new PostgresServer(given);
      }
      try {
        // Never closed by a test: it ends with the process, by its own shutdown hook.
        var server =
            EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "200")
                .setServerConfig("fsync", "off")
                .start();
        return new PostgresServer(server.getJdbcUrl("postgres", "postgres"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
