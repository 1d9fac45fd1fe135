package dev.acuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Processor time that processes have used. Unlike times on the wall it says what a webhook costs
 * though others use the machine as well.
 */
final class Processor {
  /** Linux counts in these whatever the clock of the kernel. */
  private static final long TICKS_PER_SECOND = 100;

  private Processor() {}

  /** Of a process and those it has started that still run, in microseconds. */
  static long micros(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToLong(time -> time.toNanos() / 1_000)
        .sum();
  }

  /**
   * Of the compiler of a Java process, in microseconds; 0 where the system does not tell of threads
   * as Linux does.
   */
  static long compilerMicros(long pid) {
    long ticks = 0;
    Path threads = Path.of("/proc", String.valueOf(pid), "task");
    try (Stream<Path> all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        ticks += compilerTicks(thread);
      }
    } catch (IOException e) {
      return 0;
    }
    return ticks * 1_000_000 / TICKS_PER_SECOND;
  }

  /** See proc(5): after the name in brackets, the 12th and 13th field are user and system time. */
  private static long compilerTicks(Path thread) throws IOException {
    try {
      if (!Files.readString(thread.resolve("comm")).matches("C[12] CompilerThre\\s*")) {
        return 0;
      }
      String stat = Files.readString(thread.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (NoSuchFileException e) {
      // It has ended.
      return 0;
    }
  }
}
