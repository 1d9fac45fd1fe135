package dev.acuse.bench;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * What a generator saw.
 *
 * @param acknowledged answers of 200, those of the warm-up included: each must be a row
 * @param refused other answers
 * @param perSecond answers of 200 a second, after the warm-up
 */
record LoadResult(long acknowledged, long refused, double perSecond, Latency latency) {

  /** Times from when a request was due to its answer, in milliseconds, after the warm-up. */
  record Latency(double p50, double p99, double p999, double max) {
    static Latency of(Histogram nanos) {
      return new Latency(
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getValueAtPercentile(99.9) / 1e6,
          nanos.getMaxValue() / 1e6);
    }
  }

  /** One line, which {@link #parse} reads. */
  @Override
  public String toString() {
    return acknowledged
        + " "
        + refused
        + " "
        + perSecond
        + " "
        + latency.p50()
        + " "
        + latency.p99()
        + " "
        + latency.p999()
        + " "
        + latency.max();
  }

  static LoadResult parse(String line) {
    double[] numbers =
        Arrays.stream(line.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
    return new LoadResult(
        (long) numbers[0],
        (long) numbers[1],
        numbers[2],
        new Latency(numbers[3], numbers[4], numbers[5], numbers[6]));
  }
}
