package dev.acuse.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends signed notifications from a process of its own, by one thread. Closed loop: each connection
 * sends when its last answer is there. Open loop: at a fixed rate whatever becomes of the ones
 * before; a latency runs from when a request was due, so that a server which stalls cannot hide it
 * by holding the generator up.
 */
final class LoadGenerator {
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long OPEN_LOOP_PAUSE_NANOS = 50_000;

  private final LoadPlan plan;
  private final SignedRequests requests;
  private final List<LoadConnection> connections = new ArrayList<>();
  private final Deque<LoadConnection> idle = new ArrayDeque<>();
  private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
  private long measureFrom;
  private long end;
  private long nextDue;
  private int underWay;
  private long acknowledged;
  private long refused;
  private long measured;

  private LoadGenerator(LoadPlan plan) {
    this.plan = plan;
    this.requests = new SignedRequests(plan.path(), plan.secret(), plan.type(), plan.seed());
  }

  /** Prints a {@link LoadResult}. */
  public static void main(String[] args) throws IOException {
    System.out.println(new LoadGenerator(LoadPlan.parse(args)).run());
  }

  private LoadResult run() throws IOException {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < plan.connections(); i++) {
        LoadConnection connection = LoadConnection.open(plan.port(), selector);
        connections.add(connection);
        idle.add(connection);
      }
      long start = System.nanoTime();
      nextDue = start;
      measureFrom = start + TimeUnit.SECONDS.toNanos(plan.warmUpSeconds());
      end = measureFrom + TimeUnit.SECONDS.toNanos(plan.seconds());
      while (System.nanoTime() < end || (underWay > 0 && System.nanoTime() < end + GRACE_NANOS)) {
        sendWhatIsDue();
        receive(selector);
      }
      for (LoadConnection connection : connections) {
        connection.close();
      }
    }
    if (underWay > 0) {
      throw new IllegalStateException(underWay + " requests have no answer");
    }
    return new LoadResult(
        acknowledged,
        refused,
        (double) measured / plan.seconds(),
        LoadResult.Latency.of(latencies));
  }

  private void sendWhatIsDue() throws IOException {
    long now = System.nanoTime();
    while (now < end && !idle.isEmpty() && (plan.isClosedLoop() || nextDue <= now)) {
      LoadConnection connection = idle.poll();
      connection.send(requests, plan.isClosedLoop() ? now : nextDue);
      underWay++;
      if (!plan.isClosedLoop()) {
        nextDue += TimeUnit.SECONDS.toNanos(1) / plan.perSecond();
      }
    }
  }

  private void receive(Selector selector) throws IOException {
    if (plan.isClosedLoop()) {
      selector.select(100);
    } else if (selector.selectNow() == 0) {
      LockSupport.parkNanos(OPEN_LOOP_PAUSE_NANOS);
    }
    for (SelectionKey key : selector.selectedKeys()) {
      var connection = (LoadConnection) key.attachment();
      int status = connection.read();
      if (status != 0) {
        note(status, connection.dueNanos());
        underWay--;
        idle.add(connection);
      }
    }
    selector.selectedKeys().clear();
  }

  private void note(int status, long due) {
    long now = System.nanoTime();
    if (status == 200) {
      acknowledged++;
    } else {
      refused++;
    }
    if (status == 200 && now >= measureFrom && now < end) {
      measured++;
    }
    if (due >= measureFrom) {
      latencies.recordValue(Math.min(now - due, latencies.getHighestTrackableValue()));
    }
  }
}
