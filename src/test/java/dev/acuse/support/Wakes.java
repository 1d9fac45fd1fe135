package dev.acuse.support;

import dev.acuse.event.Lane;
import dev.acuse.inbox.DueSignal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a dispatcher would be told. */
public final class Wakes implements DueSignal.Listener {
  public final AtomicInteger stored = new AtomicInteger();
  public final AtomicInteger woken = new AtomicInteger();

  @Override
  public void onStored(Set<Lane> lanes) {
    stored.incrementAndGet();
  }

  @Override
  public void wake() {
    woken.incrementAndGet();
  }
}
