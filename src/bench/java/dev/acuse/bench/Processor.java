package dev.acuse.bench;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * Processor time that processes have used. Unlike times on the wall it says what a webhook costs
 * though others use the machine as well.
 */
final class Processor {
  private Processor() {}

  /** Of a process and those it has started that still run, in microseconds. */
  static long micros(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToLong(time -> time.toNanos() / 1_000)
        .sum();
  }
}
