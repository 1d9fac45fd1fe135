package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system to its end. */
final class Command {
  private static final long MINUTES = 10;

  private Command() {}

  /** How it ended, and what it printed to either stream. */
  record Ended(int status, String output) {
    /** Fails unless the program ended with 0. */
    Ended well() {
      assertThat(status).as(output).isZero();
      return this;
    }
  }

  /** Runs it in this folder, with the tests' own environment. */
  static Ended run(String... command) {
    return run(Path.of(""), Map.of(), List.of(command));
  }

  /** Runs it in a folder, with more variables. */
  static Ended run(Path folder, Map<String, String> environment, List<String> command) {
    try {
      Path output = Files.createTempFile("command", ".log");
      try {
        var builder = new ProcessBuilder(command).directory(folder.toAbsolutePath().toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new IllegalStateException(command + " does not end: " + text(output));
        }
        return new Ended(process.exitValue(), text(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether the path has a program of this name. */
  static boolean has(String program) {
    return run("sh", "-c", "command -v \"$1\"", "sh", program).status() == 0;
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
