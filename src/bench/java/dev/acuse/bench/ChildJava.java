package dev.acuse.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Starts Java programs of the benchmark beside the packaged jar, each in a process of its own. */
final class ChildJava {
  private static final Path OUTPUT = Path.of("target", "bench");
  private static final Path OPTIONS = Path.of("src", "deploy", "jvm.options");
  static final Path JAR = Path.of("target", "acuse.jar");

  private ChildJava() {}

  /** The options that an installed Acuse gives to Java; none with {@code -Dbench.plain}. */
  static List<String> installedOptions() {
    if (Boolean.getBoolean("bench.plain")) {
      return List.of();
    }
    try {
      return Files.readAllLines(OPTIONS).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program to its end; answers what it printed. */
  static String run(Class<?> program, List<String> options, List<String> arguments) {
    try {
      Path output = Files.createTempFile(Files.createDirectories(OUTPUT), "run-", ".log");
      int exit = start(program.getName(), options, arguments, Map.of(), output).waitFor();
      String text = Files.readString(output);
      if (exit != 0) {
        throw new IllegalStateException(program.getSimpleName() + " failed: " + text);
      }
      Files.delete(output);
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Process start(
      String program,
      List<String> options,
      List<String> arguments,
      Map<String, String> environment,
      Path output) {
    return start(JAR, program, options, arguments, environment, output);
  }

  /** The same with the jar of another version. */
  static Process start(
      Path jar,
      String program,
      List<String> options,
      List<String> arguments,
      Map<String, String> environment,
      Path output) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(jar), program));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile()).environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The service is the packaged jar's; the benchmark's own classes stand before it. */
  private static String classPath(Path jar) {
    return String.join(
        File.pathSeparator,
        Path.of("target", "test-classes").toString(),
        jar.toString(),
        libraryOf(Histogram.class),
        libraryOf(Scheduler.class));
  }

  /** The file that a class of a library was loaded from. */
  static String libraryOf(Class<?> type) {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath()).getPath();
  }
}
