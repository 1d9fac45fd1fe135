package dev.acuse.intake;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.Arrival;
import dev.acuse.event.Ticket;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.DatabaseGate.OutOfReach;
import dev.acuse.intake.IntakeWriter.Receipt;
import dev.acuse.intake.spool.Spool;
import dev.acuse.intake.spool.SpoolCodec;
import dev.acuse.intake.spool.SpoolFrames;
import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.process.BackOff;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is in the spool to the database, in order, as soon as it answers; webhooks that come
 * meanwhile need not wait for that. One thread; what it tries is also how the intake finds out that
 * the database is back.
 */
public final class SpoolDrainer implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(SpoolDrainer.class);
  private static final int GROUP = 200;
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(2);

  private final LateJudge judge;
  private final Spool spool;
  private final DatabaseGate gate;
  private final EventStore store;
  private final GroupCommit groups;
  private final long maxGroupBytes;
  private final Counter drained;
  private final Counter rejected;
  private final Periodic looks = new Periodic("spool-drainer", this::look, this::failed);
  private final BackOff backOff = new BackOff(FIRST_BACK_OFF, LONGEST_BACK_OFF);
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean stopping;

  /**
   * @param store by connections of the intake's own
   * @param judge of what was spooled unjudged
   * @param maxGroupBytes how much goes to the database at once, unless a single webhook has more
   */
  SpoolDrainer(
      Spool spool,
      DatabaseGate gate,
      EventStore store,
      long maxGroupBytes,
      MetricRegistry metrics,
      LateJudge judge) {
    this.judge = judge;
    this.spool = spool;
    this.gate = gate;
    this.store = store;
    this.groups = new GroupCommit(store, arrival -> Receipt.REFUSED);
    this.maxGroupBytes = maxGroupBytes;
    this.drained = metrics.counter("acuse.spool.drained");
    this.rejected = metrics.counter("acuse.spool.rejected");
  }

  @Override
  public void start() {
    looks.start(Duration.ZERO, LOOK_EVERY);
  }

  /** Tries at once, however lately the database was found out. Does not wait for the outcome. */
  public void drainNow() {
    backOff.end();
  }

  /** Leaves the spool as it is until it is closed, by the thread that asked for it. */
  @FunctionalInterface
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Has the spool left as it is: what is there stays there, and in no table that it is not in now.
   * Waits until the file that is being drained is, which is seconds.
   */
  public Hold hold() {
    turn.lock();
    return turn::unlock;
  }

  private void look() throws OutOfReach, IOException {
    if (backOff.isOver()) {
      drain();
    }
  }

  private void failed(Throwable failure) {
    if (failure instanceof OutOfReach) {
      LOGGER.debug("the database is still out", failure);
    } else {
      LOGGER.error("the spool cannot be drained; trying again", failure);
    }
    backOff.fail();
  }

  private void drain() throws OutOfReach, IOException {
    @Nullable SpoolSegment segment = spool.oldest();
    while (segment != null && !stopping) {
      turn.lock();
      try {
        drain(segment);
      } finally {
        turn.unlock();
      }
      backOff.reset();
      segment = spool.oldest();
    }
  }

  private void drain(SpoolSegment segment) throws OutOfReach, IOException {
    List<ByteBuffer> refused = new ArrayList<>();
    List<Arrival> arrivals = judged(segment.arrivals());
    int from = 0;
    while (from < arrivals.size()) {
      if (stopping) {
        return;
      }
      List<Arrival> group = arrivals.subList(from, endOfGroup(arrivals, from));
      refused.addAll(store(group));
      from += group.size();
    }
    if (!refused.isEmpty()) {
      segment.setAside(SpoolSegment.REJECTED, refused);
      rejected.inc(refused.size());
      LOGGER.error(
          "the database refuses {} acknowledged webhooks of the spool: they are in {}{}",
          refused.size(),
          segment.path().getFileName(),
          SpoolSegment.REJECTED);
    }
    spool.delete(segment);
    drained.inc(arrivals.size());
    LOGGER.info("{} webhooks went from the spool to the database", arrivals.size());
  }

  private List<Arrival> judged(List<Arrival> arrivals) throws OutOfReach {
    if (arrivals.stream().noneMatch(SpoolDrainer::mayChange)) {
      return arrivals;
    }
    if (arrivals.stream().anyMatch(arrival -> arrival.unjudged() != null) && !judge.isReady()) {
      throw new OutOfReach("the accounts are not known yet");
    }
    List<Arrival> judged = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      if (!mayChange(arrival) || !isStored(arrival)) {
        judged.add(judge.judged(arrival));
      }
    }
    return judged;
  }

  /** Whether its key may be another when it is drained for a second time. */
  private static boolean mayChange(Arrival arrival) {
    return arrival.unjudged() != null || arrival.event().hasUnknownAccount();
  }

  /** A drain that was cut off may have stored it, and under another key than it would have now. */
  private boolean isStored(Arrival arrival) throws OutOfReach {
    Ticket ticket = arrival.ticket();
    return ticket != null && gate.within(PATIENCE, () -> store.isStored(ticket));
  }

  private int endOfGroup(List<Arrival> arrivals, int from) {
    long bytes = arrivals.get(from).event().rawPayload().length;
    int end = from + 1;
    while (end < arrivals.size() && end - from < GROUP) {
      bytes += arrivals.get(end).event().rawPayload().length;
      if (bytes > maxGroupBytes) {
        return end;
      }
      end++;
    }
    return end;
  }

  /** Answers those that the database refuses, however often they are tried. */
  private List<ByteBuffer> store(List<Arrival> group) throws OutOfReach {
    List<Receipt> receipts =
        gate.within(
            PATIENCE,
            () -> {
              List<Receipt> all = groups.commit(group);
              store.bookDrained(
                  with(Receipt.DUPLICATE, group, all), with(Receipt.REFUSED, group, all));
              return all;
            });
    return IntStream.range(0, group.size())
        .filter(i -> receipts.get(i) == Receipt.REFUSED)
        .mapToObj(i -> SpoolFrames.frame(SpoolCodec.encode(group.get(i))))
        .toList();
  }

  private static List<Arrival> with(Receipt receipt, List<Arrival> group, List<Receipt> receipts) {
    return IntStream.range(0, group.size())
        .filter(i -> receipts.get(i) == receipt)
        .mapToObj(group::get)
        .toList();
  }

  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    if (!looks.stop(PATIENCE)) {
      LOGGER.info("what is left in the spool is drained at the next start");
    }
  }
}
