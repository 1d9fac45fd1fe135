package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.support.AcuseProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings notifications as MercadoPago does on a bad day: three in ten never, one in ten twice, all
 * of them in no order, several at a time, and once more what the service did not accept.
 * Thread-safe; which is dropped and which comes next follows from the seed.
 */
final class ShuffledMail implements AutoCloseable {
  private static final double DROPPED = 0.3;
  private static final double DOUBLED = 0.1;
  private static final int SENDERS = 4;

  /** So many are held back, for the next one to be drawn from. */
  private static final int DRAWN_FROM = 60;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Sandbox sandbox;
  private final Random random;
  private final List<Notification> waiting = new ArrayList<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final List<Thread> senders;
  private @Nullable Notifier notifier;
  private @Nullable Throwable failure;
  private int underWay;
  private int dropped;
  private int doubled;
  private int refused;
  private boolean isHurried;
  private boolean isClosed;

  ShuffledMail(Sandbox sandbox, long seed) {
    this.sandbox = sandbox;
    this.random = new Random(seed);
    this.senders =
        IntStream.range(0, SENDERS)
            .mapToObj(number -> new Thread(this::send, "mail-" + number))
            .toList();
    for (Thread sender : senders) {
      sender.setDaemon(true);
      sender.start();
    }
  }

  /** Where the service is from now on; null while there is none. */
  synchronized void to(@Nullable AcuseProcess acuse) {
    notifier = acuse == null ? null : sandbox.notifier(acuse.url("/webhooks/mp"));
    notifyAll();
  }

  /** Takes a notification in, and drops or doubles it. */
  synchronized void post(Notification notification) {
    if (random.nextDouble() < DROPPED) {
      dropped++;
      return;
    }
    postSurely(notification);
    if (random.nextDouble() < DOUBLED) {
      doubled++;
      postSurely(
          random.nextBoolean() ? notification : sandbox.notifications().resign(notification));
    }
  }

  /** Takes a notification in that comes once. */
  synchronized void postSurely(Notification notification) {
    waiting.add(notification);
    notifyAll();
  }

  /** Whether nothing more is held back, though the next ones are then fewer to be drawn from. */
  synchronized void hurry(boolean hurries) {
    isHurried = hurries;
    notifyAll();
  }

  /** Waits until all is brought. */
  synchronized void awaitBrought() throws InterruptedException {
    hurry(true);
    while (failure == null && (!waiting.isEmpty() || underWay > 0)) {
      wait();
    }
    assertThat(failure).isNull();
    assertThat(List.of(dropped, doubled, refused))
        .as("dropped, doubled, refused")
        .doesNotContain(0);
  }

  /** The ids that the service gave to what it has acknowledged. */
  synchronized Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  private void send() {
    try {
      Letter letter = next();
      while (letter != null) {
        bring(letter);
        letter = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | AssertionError | IOException e) {
      fail(e);
    }
  }

  private record Letter(Notification notification, Notifier notifier) {}

  private synchronized @Nullable Letter next() throws InterruptedException {
    while (!isClosed && (notifier == null || waiting.size() <= (isHurried ? 0 : DRAWN_FROM))) {
      wait();
    }
    if (isClosed) {
      return null;
    }
    underWay++;
    return new Letter(waiting.remove(random.nextInt(waiting.size())), notifier);
  }

  private void bring(Letter letter) throws IOException {
    Notifier.Answer answer;
    try {
      answer = letter.notifier().send(letter.notification());
    } catch (IOException e) {
      // The process was killed: MercadoPago would come again.
      brought(letter, null);
      return;
    }
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode body = JSON.readTree(answer.body());
    brought(letter, body.path("webhook_id").asText());
  }

  private synchronized void brought(Letter letter, @Nullable String id) {
    underWay--;
    if (id == null) {
      refused++;
      // It is gone, until there is another.
      notifier = notifier == letter.notifier() ? null : notifier;
      waiting.add(sandbox.notifications().resign(letter.notification()));
    } else {
      acknowledged.add(id);
    }
    notifyAll();
  }

  private synchronized void fail(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    senders.forEach(Thread::interrupt);
  }
}
