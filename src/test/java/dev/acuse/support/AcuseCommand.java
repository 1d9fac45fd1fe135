package dev.acuse.support;

import dev.acuse.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the service's jar as a process of its own, as cron or an operator runs it. */
public final class AcuseCommand implements AutoCloseable {
  private static final Path LOGS = Path.of("target", "test-logs", "command");

  private final Process process;
  private final Path output;

  private AcuseCommand(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** How a command ended, and what it printed to either stream. */
  public record Ended(int status, String output) {
    /** The last line printed: the others are mostly the log. */
    public String lastLine() {
      return output.lines().reduce("", (before, line) -> line);
    }
  }

  /** Starts a command; {@code config.yml} follows its name by itself. */
  public static AcuseCommand start(
      TestDatabase database, Sandbox sandbox, String name, String... options) {
    List<String> arguments = new ArrayList<>(List.of(name, "config.yml"));
    arguments.addAll(List.of(options));
    return start(environment(database, sandbox), arguments.toArray(String[]::new));
  }

  /** Starts a command with the arguments as they are. */
  public static AcuseCommand start(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Launch.java());
    command.addAll(Launch.SHORT_LIVED);
    command.addAll(Program.ARGUMENTS);
    command.addAll(List.of(arguments));
    try {
      Path output =
          Files.createTempFile(Files.createDirectories(LOGS), "acuse-" + arguments[0], ".log");
      var builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      return new AcuseCommand(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end; {@code config.yml} follows its name by itself. */
  public static Ended run(TestDatabase database, Sandbox sandbox, String name, String... options) {
    try (AcuseCommand command = start(database, sandbox, name, options)) {
      return command.awaitEnd();
    }
  }

  /** Runs a command to its end, with the arguments as they are. */
  public static Ended run(Map<String, String> environment, String... arguments) {
    try (AcuseCommand command = start(environment, arguments)) {
      return command.awaitEnd();
    }
  }

  /**
   * What a command needs to know to use this database and this sandbox; whatever opens ports takes
   * free ones, and keeps its files by itself.
   */
  public static Map<String, String> environment(TestDatabase database, Sandbox sandbox) {
    Map<String, String> environment = AcuseProcess.environment(database, sandbox, LOGS);
    environment.put("PORT", "0");
    environment.put("ADMIN_PORT", "0");
    environment.put("ACUSE_SPOOL_DIR", LOGS.resolve("spool").toString());
    return environment;
  }

  /** What it has printed so far. */
  public String output() {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it has not ended. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** SIGKILL: nothing of the process runs any more when this returns. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGTERM. */
  public Ended terminate() {
    process.destroy();
    return awaitEnd();
  }

  private Ended awaitEnd() {
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the command does not end: " + output());
      }
      return new Ended(process.exitValue(), output());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
