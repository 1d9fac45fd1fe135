package dev.acuse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The service as its users start it, in a process of its own, with a folder of its own. */
final class PackagedService implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "bench");

  /** Below those that the system gives to who connects: such a socket would meet itself. */
  private static final int FIRST_PORT = 12_000;

  private static final int LAST_PORT = 30_000;
  private static final long POLL_NANOS = 1_000_000;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  /**
   * What is started.
   *
   * @param options of the JVM
   */
  record Program(String title, Path jar, Path config, List<String> options) {}

  /**
   * The first webhook that was answered 200.
   *
   * @param afterCommand milliseconds from the command to that answer
   * @param answer milliseconds from when it could be sent to that answer
   */
  record FirstAnswer(double afterCommand, double answer) {}

  private final Process process;
  private final long started;
  private final int port;
  private final Path folder;

  private PackagedService(Process process, long started, int port, Path folder) {
    this.process = process;
    this.started = started;
    this.port = port;
    this.folder = folder;
  }

  /**
   * Starts it, and waits for nothing.
   *
   * @param database an H2 file that it finds; null for none
   * @param more environment variables
   */
  static PackagedService start(Program program, @Nullable Path database, Map<String, String> more) {
    try {
      Path folder =
          Files.createTempDirectory(Files.createDirectories(FOLDER), "start-").toAbsolutePath();
      if (database != null) {
        Files.copy(database, folder.resolve("acuse.mv.db"));
      }
      int port = freePort();
      Map<String, String> environment = new HashMap<>();
      environment.put(
          "DATABASE_URL",
          "jdbc:h2:file:%s/acuse;MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
              .formatted(folder));
      environment.put("MP_WEBHOOK_SECRET", BenchServer.SECRET);
      environment.put("MP_ACCESS_TOKEN", "APP_USR-bench");
      // Nothing answers there; the events are of a kind that nothing is asked about.
      environment.put("MP_BASE_URL", "http://127.0.0.1:9");
      environment.put("GHL_BASE_URL", "http://127.0.0.1:9");
      environment.put("LOG_DIR", folder.toString());
      environment.put("ACUSE_SPOOL_DIR", folder.resolve("spool").toString());
      environment.put("PORT", String.valueOf(port));
      environment.put("ADMIN_PORT", String.valueOf(freePort()));
      environment.put("ACUSE_SHUTDOWN_WAIT", "0s");
      environment.put("ACUSE_RECONCILE_EVERY", "0s");
      environment.put("MALLOC_ARENA_MAX", "2");
      environment.putAll(more);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(program.options());
      command.addAll(
          List.of("-jar", program.jar().toString(), "server", program.config().toString()));
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(folder.resolve("output.log").toFile());
      builder.environment().putAll(environment);
      long now = System.nanoTime();
      return new PackagedService(builder.start(), now, port, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Another one, then.
      }
    }
  }

  int port() {
    return port;
  }

  /** The file of its database. */
  Path database() {
    return folder.resolve("acuse.mv.db");
  }

  /** Sends signed webhooks until one is answered 200. */
  FirstAnswer awaitFirstAnswer(SignedRequests requests) {
    while (System.nanoTime() - started < PATIENCE_NANOS) {
      if (!process.isAlive()) {
        throw new IllegalStateException("it has ended, see " + folder);
      }
      long sent = System.nanoTime();
      if (ask(requests) == 200) {
        long now = System.nanoTime();
        return new FirstAnswer((now - started) / 1e6, (now - sent) / 1e6);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new IllegalStateException("no answer, see " + folder);
  }

  /** The status of the answer to one webhook; 0 if there is none. */
  int ask(SignedRequests requests) {
    ByteBuffer request = ByteBuffer.allocate(8_192);
    requests.next(request);
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.getOutputStream().write(request.array(), 0, request.limit());
      byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(head, StandardCharsets.ISO_8859_1).substring(9));
    } catch (IOException | IndexOutOfBoundsException e) {
      return 0;
    }
  }

  /** Megabytes in memory: now ({@code VmRSS}), or the most there were ({@code VmHWM}). */
  double megabytes(String field) {
    try {
      return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
          .filter(line -> line.startsWith(field + ":"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1_024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time so far, in seconds. */
  double processorSeconds() {
    return Processor.micros(process.pid()) / 1e6;
  }

  /** Ends it as a supervisor does; its files stay. */
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    BenchDatabase.delete(folder);
  }
}
