package dev.acuse.http;

import dev.acuse.http.BoundedBody.NoRoomException;
import dev.acuse.http.BoundedBody.TooLargeException;
import dev.acuse.http.BoundedBody.TooSlowException;
import dev.acuse.process.FatalErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way, read by whichever thread Jetty has when there is more of it:
 * while none comes it holds a connection, and no thread. One thread at a time.
 */
public final class BodyArrival implements Runnable {
  /** What is given out for a body whose length is not told, until more of it is there. */
  static final int FIRST_BYTES = 4 << 10;

  private static final byte[] NONE = {};
  private static final long AFTER_DEADLINE_MILLIS = 2_000;

  private final Request request;
  private final int maxBytes;
  private final LongPredicate room;
  private final Sink sink;
  private final EndPoint endPoint;
  private final long idleMillis;
  private final long deadlineNanos;
  private byte[] bytes;
  private int read;
  private Scheduler.@Nullable Task watch;

  /** Told once how it ended. */
  public interface Sink {
    /** All of it is here. */
    void whole(byte[] body) throws Exception;

    /**
     * It was not read to its end.
     *
     * @param reason {@link TooLargeException}, {@link TooSlowException}, {@link NoRoomException},
     *     or how the connection failed
     */
    void refused(Throwable reason) throws Exception;

    /** Answering has failed. */
    void failed(Throwable failure);
  }

  /**
   * @param maxBytes how many bytes it may have; one that says it has more must not come here
   * @param firstBytes of memory that it was given already
   * @param timeout how long from now until all of it must have come
   * @param room asked for so many more bytes of memory than were given so far
   */
  public BodyArrival(
      Request request,
      int maxBytes,
      long firstBytes,
      Duration timeout,
      LongPredicate room,
      Sink sink) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.room = room;
    this.sink = sink;
    this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    this.idleMillis = endPoint.getIdleTimeout();
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    this.bytes = new byte[Math.toIntExact(firstBytes)];
  }

  /** Whether a request has a body, as far as its head tells. */
  public static boolean isDue(Request request) {
    return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  /** How many bytes it has, as far as its head tells, or may begin with. */
  public static long expected(Request request) {
    return request.getLength() < 0 ? FIRST_BYTES : request.getLength();
  }

  /** Reads what is there; in the thread of the request at first. */
  @Override
  public void run() {
    try {
      readOn();
    } catch (Exception | Error e) {
      FatalErrors.haltOn(e);
      sink.failed(e);
    }
  }

  private void readOn() throws Exception {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        awaitMore();
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        refuse(chunk.getFailure());
        return;
      }
      IOException refusal = take(chunk.getByteBuffer());
      boolean isLast = chunk.isLast();
      chunk.release();
      if (refusal != null) {
        refuse(refusal);
        return;
      }
      if (isLast) {
        end();
        sink.whole(read == bytes.length ? bytes : Arrays.copyOf(bytes, read));
        return;
      }
    }
  }

  /** Jetty wakes us, too, when nothing more comes until the time is over. */
  private void awaitMore() {
    long leftMillis = Math.max(1, Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis());
    endPoint.setIdleTimeout(leftMillis);
    if (watch == null) {
      // A connection that another thread closes just now may never wake us; its request, and the
      // memory that it was given, would stay for ever.
      watch =
          request
              .getComponents()
              .getScheduler()
              .schedule(this::giveUp, leftMillis + AFTER_DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }
    request.demand(this);
  }

  private void giveUp() {
    request.fail(new TimeoutException("the body did not arrive in time"));
  }

  /** It has ended in whatever way. */
  private void end() {
    endPoint.setIdleTimeout(idleMillis);
    Scheduler.Task watching = watch;
    if (watching != null) {
      watching.cancel();
    }
  }

  private void refuse(Throwable reason) throws Exception {
    end();
    // The answer may have to wait; what came of the body is not needed for it.
    bytes = NONE;
    sink.refused(reason instanceof TimeoutException ? new TooSlowException() : reason);
  }

  private @Nullable IOException take(ByteBuffer more) {
    int length = more.remaining();
    // The end of the body comes for nothing: what is whole is not refused for being late.
    if (length == 0) {
      return null;
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      return new TooSlowException();
    }
    if (length > maxBytes - read) {
      return new TooLargeException(maxBytes);
    }
    if (read + length > bytes.length) {
      int larger = Math.min(maxBytes, Math.max(read + length, 2 * bytes.length));
      if (!room.test(larger - bytes.length)) {
        return new NoRoomException();
      }
      bytes = Arrays.copyOf(bytes, larger);
    }
    more.get(bytes, read, length);
    read += length;
    return null;
  }
}
