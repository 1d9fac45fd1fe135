package dev.acuse.http.connection;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.http.Network;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections of the application port. There are never more than the process has descriptors
 * for: one too many is let in, and the one that has waited longest for its sender goes. One address
 * may have only so many in any case. Thread-safe.
 */
public final class Connections {
  private static final Logger LOGGER = LoggerFactory.getLogger(Connections.class);

  /** 503 and not 429: a provider that repeats after trouble of ours repeats after this. */
  private static final String REFUSAL =
      String.join(
          "\r\n",
          "HTTP/1.1 503 Service Unavailable",
          "Retry-After: 5",
          "Connection: close",
          "Content-Length: 0",
          "",
          "");

  private final int mostEver;
  private final int maxPerNetwork;
  private final Map<SocketChannel, OpenConnection> open = new ConcurrentHashMap<>();
  private final Map<Network, Integer> counts = new ConcurrentHashMap<>();
  private final ClosingChannels closing = new ClosingChannels();
  private final OncePerMinute refusalWarning = new OncePerMinute();
  private final OncePerMinute evictionWarning = new OncePerMinute();
  private final OncePerMinute fullWarning = new OncePerMinute();
  private final Counter refused;
  private final Counter evicted;
  private final Counter timedOut;
  private volatile int max;

  /**
   * @param max of all addresses together
   * @param maxPerNetwork of one IPv4 address, or of one IPv6 network of 64 bits; 0 for no cap
   */
  Connections(int max, int maxPerNetwork, MetricRegistry metrics) {
    this.mostEver = max;
    this.max = max;
    this.maxPerNetwork = maxPerNetwork;
    this.refused = metrics.counter("acuse.connections.refused");
    this.evicted = metrics.counter("acuse.connections.evicted");
    this.timedOut = metrics.counter("acuse.connections.timed_out");
  }

  /** How many there are now. */
  public int count() {
    return open.size();
  }

  /** How many there may be, by what the process has open otherwise. */
  public int max() {
    return max;
  }

  /** Null if it is not open any more. */
  @Nullable OpenConnection find(SocketChannel channel) {
    return open.get(channel);
  }

  /**
   * Lets a new one in, or closes it.
   *
   * @param plain whether it would understand an answer before it has agreed on a cipher
   * @param executor for the ends of those that go
   */
  synchronized void admit(SocketChannel channel, boolean plain, Executor executor) {
    Network network = networkOf(channel);
    if (network == null) {
      OpenConnection.close(channel);
      return;
    }
    if (maxPerNetwork > 0 && counts.getOrDefault(network, 0) >= maxPerNetwork) {
      if (refusalWarning.isDue()) {
        LOGGER.warn(
            "connections refused: {} has {} (intake.connectionsPerAddress)",
            network,
            maxPerNetwork);
      }
      refuse(channel, plain);
      return;
    }
    if (open.size() >= max && !evict(network, executor)) {
      if (fullWarning.isDue()) {
        LOGGER.warn("connections refused: each of {} is being answered", max);
      }
      refuse(channel, plain);
      return;
    }
    open.put(channel, new OpenConnection(network, channel, System.nanoTime()));
    counts.merge(network, 1, Integer::sum);
  }

  private static @Nullable Network networkOf(SocketChannel channel) {
    try {
      return channel.getRemoteAddress() instanceof InetSocketAddress remote
          ? Network.of(remote.getAddress())
          : null;
    } catch (IOException e) {
      LOGGER.debug("closed before it was let in", e);
      return null;
    }
  }

  private void refuse(SocketChannel channel, boolean plain) {
    refused.inc();
    try {
      if (plain) {
        // It fits into the empty buffer of a new socket, or is not worth waiting for.
        channel.write(ByteBuffer.wrap(REFUSAL.getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (IOException e) {
      LOGGER.debug("a refused connection was closed by its other end", e);
    } finally {
      OpenConnection.close(channel);
    }
  }

  /**
   * Allows for what else the process has open: so many more than there are now, or, if it is
   * negative, so many fewer, at once.
   *
   * @param more never beyond what was allowed at the start; one may always be
   */
  synchronized void letThereBe(long more, Executor executor) {
    max = (int) Math.max(1, Math.min(mostEver, open.size() + more));
    boolean found = true;
    while (open.size() > max && found) {
      found = evict(null, executor);
    }
  }

  /** Closes the one that has waited longest for its sender; false if all are being answered. */
  private boolean evict(@Nullable Network coming, Executor executor) {
    OpenConnection chosen =
        Eviction.choose(open.values(), coming, Eviction.few(max), System.nanoTime());
    if (chosen == null) {
      return false;
    }
    if (evictionWarning.isDue()) {
      LOGGER.warn(
          "{} connections, and no room for more (intake.maxConnections): those that wait longest"
              + " for their senders are closed, first of {}, which has {}",
          open.size(),
          chosen.network(),
          counts.get(chosen.network()));
    }
    evicted.inc();
    remove(chosen.channel());
    chosen.close(executor);
    closing.add(chosen.channel());
    return true;
  }

  /** Closes those whose head takes longer than it may, or whose answers are not read. */
  void closeLate(long headTimeoutNanos, Executor executor) {
    long now = System.nanoTime();
    for (OpenConnection connection : open.values()) {
      boolean isUnread = connection.isUnread(now);
      if (isUnread || connection.isHeadLate(now, headTimeoutNanos)) {
        timedOut.inc();
        remove(connection.channel());
        connection.close(executor);
      }
    }
  }

  /** Forgets one that is closed. */
  void remove(SocketChannel channel) {
    OpenConnection removed = open.remove(channel);
    if (removed != null) {
      counts.computeIfPresent(removed.network(), (unused, count) -> count == 1 ? null : count - 1);
    }
  }
}
