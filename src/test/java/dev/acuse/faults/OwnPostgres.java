package dev.acuse.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A PostgreSQL of the fault run's own, with its defaults, that can be stopped, killed and frozen.
 */
final class OwnPostgres implements AutoCloseable {
  private final EmbeddedPostgres first;
  private final Path data;
  private final List<String> command;
  private final String url;

  private OwnPostgres(EmbeddedPostgres first, Path data) {
    this.first = first;
    this.data = data;
    this.url = first.getJdbcUrl("postgres", "postgres");
    this.command = commandOf(pid());
  }

  static OwnPostgres start() {
    try {
      Path data = Files.createTempDirectory("acuse-faults-pg-");
      return new OwnPostgres(
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setServerConfig("max_connections", "100")
              .start(),
          data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  /** The postmaster: the first line of its file names it. */
  private long pid() {
    try {
      return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> commandOf(long pid) {
    try {
      List<String> command = new ArrayList<>();
      if ("root".equals(System.getProperty("user.name"))) {
        // PostgreSQL refuses to run as root; in a user namespace it is nobody.
        command.addAll(List.of("unshare", "-U"));
      }
      command.add(Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString());
      List<String> words =
          Arrays.asList(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
      command.addAll(words.subList(1, words.size()));
      return command;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code pg_ctl stop -m immediate}: no checkpoint, recovery at the next start. */
  void stopAtOnce() {
    signal("QUIT", pid());
    awaitGone();
  }

  /** SIGKILL to the postmaster and all of its processes. */
  void kill() {
    long postmaster = pid();
    List<Long> all = new ArrayList<>(children(postmaster));
    all.add(postmaster);
    all.forEach(pid -> signal("KILL", pid));
    awaitGone();
  }

  /** Every process stops answering, and keeps its connections. */
  void freeze() {
    children(pid()).forEach(pid -> signal("STOP", pid));
    signal("STOP", pid());
  }

  void thaw() {
    signal("CONT", pid());
    children(pid()).forEach(pid -> signal("CONT", pid));
  }

  /** Starts it again on the same port and data. */
  void startAgain() {
    try {
      Files.deleteIfExists(data.resolve("postmaster.pid"));
      new ProcessBuilder(command)
          .directory(new File(data.toString()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("again.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(this::answers);
  }

  private boolean answers() {
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Ends every connection but the caller's. */
  void terminateConnections() {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
  }

  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Long> children(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  private void awaitGone() {
    Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> !answers());
  }

  private static void signal(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (answers()) {
      kill();
    }
    try {
      first.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalStateException alreadyStopped) {
      System.err.println("PostgreSQL was gone already: " + alreadyStopped.getMessage());
    }
  }
}
