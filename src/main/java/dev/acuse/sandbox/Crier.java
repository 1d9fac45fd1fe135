package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends what there is to tell of one change the way MercadoPago does: in no order, some of it
 * twice, and again later whatever was not accepted. Thread-safe.
 */
final class Crier {
  private static final int ONE_IN_DUPLICATES = 3;

  private final Notifier notifier;
  private final Random random;
  private final List<Duration> waits;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong givenUp = new AtomicLong();

  /**
   * @param seed of the order and the duplicates
   * @param waits between the tries for one notification
   */
  Crier(Notifier notifier, long seed, List<Duration> waits) {
    this.notifier = notifier;
    this.random = new Random(seed);
    this.waits = List.copyOf(waits);
  }

  Notifications make() {
    return notifier.notifications();
  }

  void tell(List<Notification> all) {
    for (Notification notification : shuffled(all)) {
      var unused =
          notifier
              .deliverUntilAccepted(notification, waits)
              .whenComplete(
                  (answer, failure) -> {
                    boolean taken = answer != null && answer.isAccepted();
                    (taken ? accepted : givenUp).incrementAndGet();
                  });
    }
  }

  /** One of so many, by chance. */
  int pick(int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }

  long accepted() {
    return accepted.get();
  }

  long givenUp() {
    return givenUp.get();
  }

  private List<Notification> shuffled(List<Notification> all) {
    var mixed = new ArrayList<>(all);
    synchronized (random) {
      for (Notification notification : all) {
        if (random.nextInt(ONE_IN_DUPLICATES) == 0) {
          mixed.add(notification);
        }
      }
      Collections.shuffle(mixed, random);
    }
    return mixed;
  }
}
