package dev.acuse;

import java.util.function.IntSupplier;

/**
 * How many instances live, as far as this process knows: 1 until it has read it. Rates are divided
 * by it. Thread-safe.
 */
final class InstanceCount implements IntSupplier {
  private volatile int number = 1;

  /** From now on there are so many; fewer than 1 is read as 1. */
  void set(int instances) {
    number = Math.max(1, instances);
  }

  @Override
  public int getAsInt() {
    return number;
  }
}
