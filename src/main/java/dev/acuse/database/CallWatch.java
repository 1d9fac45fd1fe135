package dev.acuse.database;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Which calls to the database are under way, so that one that never ends is noticed. Thread-safe.
 */
public final class CallWatch {
  private final Set<Call> underWay = ConcurrentHashMap.newKeySet();

  // Not a record: two calls that begin at one moment are two.
  /** One call. */
  public static final class Call {
    private final long startNanos = System.nanoTime();

    private Call() {}
  }

  /** Calls it, and knows of it until it has ended in whatever way. */
  public <T> T watch(Supplier<T> call) {
    Call begun = begin();
    try {
      return call.get();
    } finally {
      underWay.remove(begun);
    }
  }

  /** {@link #watch(Supplier)} of what answers yes or no. */
  public boolean watch(BooleanSupplier call) {
    Supplier<Boolean> boxed = call::getAsBoolean;
    return watch(boxed);
  }

  private Call begin() {
    var call = new Call();
    underWay.add(call);
    return call;
  }

  /** The call that has been under way for longest; empty if none is. */
  public Optional<Call> oldest() {
    return underWay.stream().min(Comparator.comparingLong(call -> call.startNanos));
  }
}
