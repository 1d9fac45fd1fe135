package dev.acuse.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A request's body with an end: in bytes, because the server has no limit for chunked ones, and in
 * time, because its idle timeout starts anew with each byte. Jetty's {@code
 * minRequestDataPerSecond} is no substitute: it also refuses an empty body that is read a moment
 * late.
 */
public final class BoundedBody extends FilterInputStream {
  /** What the form of the console's login may have. */
  public static final int LOGIN_FORM_BYTES = 4 << 10;

  private final long deadlineNanos;
  private final long maxBytes;
  private long left;

  /**
   * @param maxBytes how many bytes may be read
   * @param timeout how long from now until all of them must have arrived
   */
  public BoundedBody(InputStream body, long maxBytes, Duration timeout) {
    super(body);
    this.maxBytes = maxBytes;
    this.left = maxBytes;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
  }

  /** More was sent than may be read. */
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long maxBytes;

    TooLargeException(long maxBytes) {
      super("the body is over the limit");
      this.maxBytes = maxBytes;
    }

    /** How many bytes it may have. */
    public long maxBytes() {
      return maxBytes;
    }
  }

  /** The body did not arrive in time. */
  public static final class TooSlowException extends IOException {
    private static final long serialVersionUID = 1L;

    TooSlowException() {
      super("the body did not arrive in time");
    }
  }

  /** There is no memory for it just now. */
  public static final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    NoRoomException() {
      super("there is no memory for the body just now");
    }
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    count(Math.max(read, 0));
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** The end of the body comes for nothing: what is whole is not refused for being late. */
  private void count(long read) throws IOException {
    if (read == 0) {
      return;
    }
    left -= read;
    if (left < 0) {
      throw new TooLargeException(maxBytes);
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      throw new TooSlowException();
    }
  }
}
