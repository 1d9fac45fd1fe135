package dev.acuse.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  private final Path data;
  private final List<String> command;
  private final int port;

  private OwnPostgres(Path data, List<String> command, int port) {
    this.data = data;
    this.command = command;
    this.port = port;
  }

  /** A new one, whose data are in a folder of this one. */
  static OwnPostgres start(Path parent) {
    try {
      Path data = Files.createTempDirectory(parent, "acuse-faults-pg-");
      OwnPostgres own;
      try (var first =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setServerConfig("max_connections", "100")
              .start()) {
        own = new OwnPostgres(data, honest(commandOf(pid(data))), first.getPort());
      }
      own.startAgain();
      return own;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Made for tests, it is started without syncs: here it must sync as it does by default. */
  private static List<String> honest(List<String> command) {
    List<String> honest = new ArrayList<>(command);
    honest.remove("-F");
    int setting = honest.indexOf("synchronous_commit=off");
    if (setting > 0) {
      honest.remove(setting);
      honest.remove(setting - 1);
    }
    return honest;
  }

  /** A synchronous standby of this one, both running when this returns. */
  OwnPostgres startStandby(int standbyPort) {
    signal("INT", pid(data));
    // The file goes last, when nothing is written any more.
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> !Files.exists(data.resolve("postmaster.pid")));
    try {
      Path copy = Files.createTempDirectory("acuse-faults-standby-");
      copy(data, copy);
      Files.createFile(copy.resolve("standby.signal"));
      Files.writeString(
          copy.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n",
          StandardOpenOption.APPEND);
      List<String> same = new ArrayList<>(command);
      same.set(same.indexOf("-D") + 1, copy.toString());
      same.set(same.indexOf("-p") + 1, String.valueOf(standbyPort));
      var standby = new OwnPostgres(copy, same, standbyPort);
      startAgain();
      standby.startAgain();
      execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
      execute("SELECT pg_reload_conf()");
      return standby;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One like this one, on a copy of its disk that is mounted there; this one is stopped. */
  OwnPostgres startCopyIn(Path disk) {
    Path copy = disk.resolve(data.getFileName());
    List<String> same = new ArrayList<>(command);
    same.set(same.indexOf("-D") + 1, copy.toString());
    var started = new OwnPostgres(copy, same, port);
    started.startAgain();
    return started;
  }

  private static void copy(Path from, Path to) throws IOException {
    int status;
    try {
      status =
          new ProcessBuilder("cp", "-a", from + "/.", to.toString()).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (status != 0) {
      throw new IOException("the data could not be copied");
    }
  }

  /** Where its data are. */
  Path folder() {
    return data;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  int port() {
    return port;
  }

  /** The postmaster: the first line of its file names it. */
  private static long pid(Path data) {
    try {
      return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> commandOf(long pid) throws IOException {
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
  }

  /** As {@code pg_ctl stop -m immediate}: no checkpoint, recovery at the next start. */
  void stopAtOnce() {
    signal("QUIT", pid(data));
    awaitGone();
  }

  /** SIGKILL to the postmaster and all of its processes. */
  void kill() {
    long postmaster = pid(data);
    signal("STOP", postmaster);
    children(postmaster).forEach(pid -> signal("KILL", pid));
    signal("KILL", postmaster);
    awaitGone();
  }

  /** Every process stops answering, and keeps its connections. */
  void freeze() {
    signal("STOP", pid(data));
    children(pid(data)).forEach(pid -> signal("STOP", pid));
  }

  void thaw() {
    children(pid(data)).forEach(pid -> signal("CONT", pid));
    signal("CONT", pid(data));
  }

  /** Starts it on the same port and data. */
  void startAgain() {
    try {
      Files.deleteIfExists(data.resolve("postmaster.pid"));
      new ProcessBuilder(command)
          .directory(new File(data.toString()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("own.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(this::answers);
  }

  /** Whether it takes connections now. */
  boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url() + "&connectTimeout=2&loginTimeout=2");
  }

  /** Ends every connection but the caller's. */
  void terminateConnections() {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
  }

  void execute(String sql) {
    try (Connection connection = connect();
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
    if (Files.exists(data.resolve("postmaster.pid"))) {
      kill();
    }
    FolderOnDisk.delete(data);
  }
}
