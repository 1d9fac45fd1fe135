package dev.acuse.inbox;

import dev.acuse.event.Lane;
import java.util.Set;

/**
 * Tells the dispatcher, after a commit, that events may be due. The stores and desks of a process
 * share one. Thread-safe.
 */
public final class DueSignal {
  /** What is told. */
  public interface Listener {
    /** Events were stored in these lanes. Must not block. */
    void onStored(Set<Lane> lanes);

    /** Stored events became due, or a look is wanted at once. Must not block. */
    void wake();
  }

  private volatile Listener listener =
      new Listener() {
        @Override
        public void onStored(Set<Lane> lanes) {}

        @Override
        public void wake() {}
      };

  /** From now on it tells this one, and no other. */
  public void tell(Listener dispatcher) {
    listener = dispatcher;
  }

  void stored(Set<Lane> lanes) {
    listener.onStored(lanes);
  }

  void due() {
    listener.wake();
  }
}
