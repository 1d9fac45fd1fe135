package dev.acuse.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caps the connections of the admin port, and how many of them are served at once. Where one more
 * comes, the one that has waited for its other end the longest makes room, be it for a request or
 * for an answer to be read: slow clients neither keep others out nor hold all threads. Those that a
 * task or a page is at work for stay. Thread-safe.
 */
final class AdminConnections implements Connection.Listener {
  private static final Logger LOGGER = LoggerFactory.getLogger(AdminConnections.class);
  private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final String ANSWER =
      String.join(
          "\r\n",
          "HTTP/1.1 503 Service Unavailable",
          "Retry-After: 5",
          "Connection: close",
          "Content-Length: 0",
          "",
          "");

  private final int max;

  /** By their sockets; the one that was of use the longest ago comes first. */
  private final Map<Object, Seat> seats = new LinkedHashMap<>();

  private int maxServed = Integer.MAX_VALUE;
  private long warnedNanos = System.nanoTime() - WARN_EVERY_NANOS;

  /** A connection, and the answer that is being made for it. */
  private static final class Seat {
    final Connection connection;
    @Nullable Response answer;

    Seat(Connection connection) {
      this.connection = connection;
    }

    /** What is begun of an answer waits for nothing but its reader. */
    boolean isWaiting() {
      return answer == null || answer.isCommitted();
    }

    boolean isWriting() {
      return answer != null && answer.isCommitted();
    }
  }

  /**
   * @param max how many connections there may be
   */
  AdminConnections(int max) {
    this.max = max;
  }

  /** How many may be served at once from now on: fewer than there are threads. */
  synchronized void serveAtMost(int served) {
    maxServed = served;
  }

  @Override
  public void onOpened(Connection connection) {
    // What TLS wraps is a connection too, but no second one of its client.
    if (!(connection.getEndPoint().getTransport() instanceof SocketChannel socket)) {
      return;
    }
    Seat out = null;
    synchronized (this) {
      seats.putIfAbsent(socket, new Seat(connection));
      if (seats.size() > max) {
        out = removeFirst(Seat::isWaiting);
        warn();
      }
    }
    if (out != null && out.connection == connection) {
      refuse(connection);
    } else if (out != null) {
      vacate(out);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    Object socket = socket(connection.getEndPoint());
    synchronized (this) {
      Seat seat = seats.get(socket);
      if (seat != null && seat.connection == connection) {
        seats.remove(socket);
      }
    }
  }

  /**
   * Begins to serve a request.
   *
   * @return whether there is room for it
   */
  boolean begin(Request request, Response response) {
    Seat out = null;
    synchronized (this) {
      Seat seat = seats.get(socket(request));
      if (seat == null) {
        return true;
      }
      if (seats.values().stream().filter(one -> one.answer != null).count() >= maxServed) {
        out = removeFirst(Seat::isWriting);
        warn();
        if (out == null) {
          return false;
        }
      }
      seat.answer = response;
    }
    if (out != null) {
      vacate(out);
    }
    return true;
  }

  /** The request is answered. */
  synchronized void end(Request request) {
    Object socket = socket(request);
    Seat seat = seats.remove(socket);
    if (seat != null) {
      seat.answer = null;
      seats.put(socket, seat);
    }
  }

  private @Nullable Seat removeFirst(Predicate<Seat> which) {
    for (Map.Entry<Object, Seat> seat : seats.entrySet()) {
      if (which.test(seat.getValue())) {
        seats.remove(seat.getKey());
        return seat.getValue();
      }
    }
    return null;
  }

  private void warn() {
    long now = System.nanoTime();
    if (now - warnedNanos >= WARN_EVERY_NANOS) {
      warnedNanos = now;
      LOGGER.warn(
          "the admin port is crowded: it has {} connections (adminPort.connections), and those that"
              + " wait longest make room",
          seats.size());
    }
  }

  /** It has not said a word yet. */
  private static void refuse(Connection connection) {
    EndPoint endPoint = connection.getEndPoint();
    try {
      if (!(connection instanceof SslConnection)) {
        endPoint.flush(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (IOException e) {
      LOGGER.debug("a refused connection was closed by its other end");
    } finally {
      endPoint.close();
    }
  }

  /**
   * One that reads finds that there is no more to read, and closes the connection itself: were it
   * closed here, Jetty could be about to wait for more of a request, and would do so for ever.
   */
  private static void vacate(Seat seat) {
    EndPoint endPoint = seat.connection.getEndPoint();
    if (seat.answer != null || !(endPoint.getTransport() instanceof SocketChannel socket)) {
      endPoint.close();
      return;
    }
    try {
      socket.shutdownInput();
    } catch (IOException e) {
      LOGGER.debug("a connection that was to make room was closed by its other end");
    }
  }

  private static Object socket(Request request) {
    return socket(request.getConnectionMetaData().getConnection().getEndPoint());
  }

  /** Below TLS, if there is any. */
  private static Object socket(EndPoint endPoint) {
    Object transport = endPoint.getTransport();
    return transport instanceof EndPoint inner ? socket(inner) : transport;
  }
}
