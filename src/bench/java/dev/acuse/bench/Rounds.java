package dev.acuse.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How long and how often to measure; medians of what was measured. */
final class Rounds {
  static final int COUNT = Integer.getInteger("bench.rounds", 3);
  static final int SECONDS = Integer.getInteger("bench.seconds", 10);
  static final int WARM_UP_SECONDS = Integer.getInteger("bench.warmUp", 25);

  private Rounds() {}

  /** The middle one, or the mean of the two in the middle. */
  static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The median of the ratios within a round: what slows the machine down for a while slows both.
   */
  static <T> double medianRatio(List<T> over, List<T> under, ToDoubleFunction<T> figure) {
    return medianRatio(
        over.stream().map(figure::applyAsDouble).toList(),
        under.stream().map(figure::applyAsDouble).toList());
  }

  /** The same of figures. */
  static double medianRatio(List<Double> over, List<Double> under) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < over.size(); i++) {
      ratios.add(over.get(i) / under.get(i));
    }
    return median(ratios, ratio -> ratio);
  }
}
