package dev.acuse.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A database of the benchmark's own, on the disk of the project. */
final class BenchDatabase implements AutoCloseable {
  private final @Nullable EmbeddedPostgres server;
  private final Path folder;
  private final String url;

  private BenchDatabase(@Nullable EmbeddedPostgres server, Path folder, String url) {
    this.server = server;
    this.folder = folder;
    this.url = url;
  }

  /** PostgreSQL as it is delivered: every commit is synced. */
  static BenchDatabase postgresql() {
    try {
      Path folder = newFolder();
      // What starts it is made for tests, and turns both of these off.
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder.resolve("data"))
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "100")
              .start();
      var database = new BenchDatabase(server, folder, server.getJdbcUrl("postgres", "postgres"));
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        if (!database.ask("SHOW " + setting).equals("on")) {
          throw new IllegalStateException(setting + " is not on");
        }
      }
      return database;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** H2 as in {@code config.yml}. */
  static BenchDatabase h2() {
    Path folder = newFolder();
    return new BenchDatabase(
        null,
        folder,
        "jdbc:h2:file:"
            + folder.toAbsolutePath().resolve("acuse")
            + ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(Path.of("target", "bench")), "database-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  /** Whether it is a process of its own; H2 is in the service, and open to nobody else. */
  boolean isServer() {
    return server != null;
  }

  int port() {
    if (server == null) {
      throw new IllegalStateException("H2 has no port");
    }
    return server.getPort();
  }

  /** Processor time of PostgreSQL's processes; 0 for H2, which has none. */
  long processorMicros() {
    if (server == null) {
      return 0;
    }
    try {
      // The first line names the process that started the others.
      Path file = folder.resolve("data").resolve("postmaster.pid");
      return Processor.micros(Long.parseLong(Files.readAllLines(file).get(0).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String user() {
    return server == null ? "sa" : "postgres";
  }

  /** The one value that a query gives, as text. */
  String ask(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a query says so, over one connection: the wait must not cost what is measured. */
  void awaitTrue(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.prepareStatement(sql)) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(10))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                try (var rows = statement.executeQuery()) {
                  return rows.next() && rows.getBoolean(1);
                }
              });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (server != null) {
        server.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    delete(folder);
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
