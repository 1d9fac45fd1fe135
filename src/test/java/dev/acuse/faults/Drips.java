package dev.acuse.faults;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Clients that never come to an end, a byte a second, and come again when they are cut off. */
final class Drips implements AutoCloseable {
  private static final int THREADS = 16;

  private final List<Drip> drips;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private volatile boolean isOver;

  private Drips(List<Drip> drips) {
    this.drips = drips;
  }

  /** A place for one connection after another. */
  private static final class Drip {
    private final Peer peer;
    private final URI target;
    private final byte[] start;
    private volatile @Nullable Socket socket;

    Drip(Peer peer, URI target, String start) {
      this.peer = peer;
      this.target = target;
      this.start = start.getBytes(StandardCharsets.ISO_8859_1);
    }

    void next() {
      Socket now = socket;
      try {
        if (now == null) {
          now = peer.connect(target);
          socket = now;
          now.getOutputStream().write(start);
        } else if (now.getInputStream().available() > 0) {
          // It was answered: the service has had enough of it.
          close();
        } else {
          now.getOutputStream().write('a');
        }
      } catch (IOException cut) {
        close();
      }
    }

    boolean isOpen() {
      return socket != null;
    }

    void close() {
      Socket last = socket;
      try {
        if (last != null) {
          last.close();
        }
      } catch (IOException e) {
        // Closed is closed.
        return;
      } finally {
        socket = null;
      }
    }
  }

  /**
   * Some of the clients.
   *
   * @param peers by the number of the connection
   * @param start what each sends before it begins to drip
   */
  record Group(int connections, IntFunction<Peer> peers, String start) {
    private Stream<Drip> on(URI target) {
      return IntStream.range(0, connections).mapToObj(i -> new Drip(peers.apply(i), target, start));
    }
  }

  /** Begins at once. */
  static Drips on(URI target, Group... groups) {
    var all = new Drips(Arrays.stream(groups).flatMap(group -> group.on(target)).toList());
    for (int i = 0; i < THREADS; i++) {
      int first = i;
      all.threads.execute(() -> all.drip(first));
    }
    return all;
  }

  /** Lets time pass; answers how many connections are open then. */
  long last(Duration time) {
    Stage.during(time);
    return drips.stream().filter(Drip::isOpen).count();
  }

  private void drip(int first) {
    while (!isOver) {
      long start = System.nanoTime();
      for (int i = first; i < drips.size() && !isOver; i += THREADS) {
        drips.get(i).next();
      }
      awaitSecond(start);
    }
  }

  private void awaitSecond(long start) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .until(() -> isOver || System.nanoTime() - start > 1_000_000_000L);
  }

  @Override
  public void close() {
    isOver = true;
    threads.shutdown();
    try {
      threads.awaitTermination(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drips.forEach(Drip::close);
  }
}
