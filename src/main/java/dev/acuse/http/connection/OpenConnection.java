package dev.acuse.http.connection;

import dev.acuse.http.Network;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, and for what it waits. All times are of {@link System#nanoTime}. Thread-safe, but
 * {@link #isHeadLate} and {@link #isUnread} are asked by one thread alone.
 */
final class OpenConnection {
  private static final Logger LOGGER = LoggerFactory.getLogger(OpenConnection.class);

  /** After so long an answer that its receiver does not take may never be taken. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A receiver that has never taken all in so long is not read to the end by anybody. */
  private static final long UNREAD_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** What it waits for: the head or the body of a request, or our answer to a whole one. */
  private enum Phase {
    FIRST_HEAD,
    NEXT_HEAD,
    BODY,
    ANSWER
  }

  /**
   * @param since when it began
   * @param bytesBefore how many bytes had come by then
   */
  private record State(Phase phase, long since, long bytesBefore) {}

  private final Network network;
  private final SocketChannel channel;
  private volatile @Nullable Connection connection;
  private volatile State state;

  /** Since when answers wait for their receiver, whichever they are; 0 if none does. */
  private volatile long unreadSince;

  private @Nullable State headOf;
  private long headBegan;

  OpenConnection(Network network, SocketChannel channel, long now) {
    this.network = network;
    this.channel = channel;
    this.state = new State(Phase.FIRST_HEAD, now, 0);
  }

  Network network() {
    return network;
  }

  SocketChannel channel() {
    return channel;
  }

  /** Since when it has been waiting for what it waits for now. */
  long since() {
    return state.since();
  }

  /** Jetty has made a connection of it. */
  void opened(Connection made) {
    connection = made;
  }

  /** A request's head is whole. */
  void headCame(boolean hasBody, long now) {
    become(hasBody ? Phase.BODY : Phase.ANSWER, now);
  }

  /** The request is whole. */
  void bodyCame(long now) {
    become(Phase.ANSWER, now);
  }

  /** The answer is written. */
  void answered(long now) {
    become(Phase.NEXT_HEAD, now);
  }

  private void become(Phase phase, long now) {
    state = new State(phase, now, bytes());
  }

  private long bytes() {
    Connection made = connection;
    return made == null ? 0 : made.getBytesIn();
  }

  /** Whether we wait for the other side: nothing that is whole is lost if it is closed. */
  boolean isWaiting(long now) {
    return state.phase() != Phase.ANSWER || isUnreadFor(STUCK_NANOS, now);
  }

  /**
   * Looks whether an answer waits for its receiver. The next request does not start the time anew:
   * a stranger may send thousands at once, and read a little now and then.
   *
   * @return whether it has waited for longer than any receiver needs
   */
  boolean isUnread(long now) {
    if (!isAnswerStuck()) {
      unreadSince = 0;
    } else if (unreadSince == 0) {
      unreadSince = now == 0 ? 1 : now;
    }
    return isUnreadFor(UNREAD_NANOS, now);
  }

  private boolean isUnreadFor(long nanos, long now) {
    long since = unreadSince;
    return since != 0 && now - since > nanos;
  }

  private boolean isAnswerStuck() {
    Connection made = connection;
    return made != null
        && made.getEndPoint() instanceof AbstractEndPoint endPoint
        && endPoint.getWriteFlusher().isPending();
  }

  /**
   * Whether a head takes longer than it may. Between two requests it begins with its first byte,
   * because until then the server's idle timeout holds.
   */
  boolean isHeadLate(long now, long timeoutNanos) {
    State current = state;
    return switch (current.phase()) {
      case FIRST_HEAD -> now - current.since() > timeoutNanos;
      case NEXT_HEAD -> isNextHeadLate(current, now, timeoutNanos);
      case BODY, ANSWER -> false;
    };
  }

  private boolean isNextHeadLate(State current, long now, long timeoutNanos) {
    if (bytes() == current.bytesBefore()) {
      return false;
    }
    if (!current.equals(headOf)) {
      headOf = current;
      headBegan = now;
    }
    return now - headBegan > timeoutNanos;
  }

  /**
   * Closes it. Its descriptor is free as soon as its selector has turned; what the server does
   * about its end, as telling a request that is being read, is done by another thread.
   */
  void close(Executor executor) {
    close(channel);
    Connection made = connection;
    if (made == null) {
      return;
    }
    try {
      executor.execute(made.getEndPoint()::close);
    } catch (RejectedExecutionException e) {
      LOGGER.debug("its end is noticed when it would have been idle for too long", e);
    }
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOGGER.debug("closed by its other end", e);
    }
  }
}
