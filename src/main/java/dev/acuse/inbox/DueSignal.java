package dev.acuse.inbox;

/**
 * Tells the dispatcher, after a commit, that events may be due. The stores and desks of a process
 * share one. Thread-safe.
 */
public final class DueSignal {
  /** What is told. */
  public interface Listener {
    /** Events were stored. Must not block. */
    void onStored();

    /** Stored events became due, or a look is wanted at once. Must not block. */
    void wake();
  }

  private volatile Listener listener =
      new Listener() {
        @Override
        public void onStored() {}

        @Override
        public void wake() {}
      };

  /** From now on it tells this one, and no other. */
  public void tell(Listener dispatcher) {
    listener = dispatcher;
  }

  void stored() {
    listener.onStored();
  }

  void due() {
    listener.wake();
  }
}
