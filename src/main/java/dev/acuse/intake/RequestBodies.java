package dev.acuse.intake;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.FatalErrors;
import dev.acuse.intake.BoundedBody.NoRoomException;
import dev.acuse.intake.BoundedBody.TooLargeException;
import dev.acuse.intake.BoundedBody.TooSlowException;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of each request before a thread is given to what answers it, within a limit of
 * bytes, of time and of memory for all requests together. A body that comes by drops holds a
 * connection, and no thread; one for which there is no memory is not read at all.
 *
 * <p>A request whose body is refused is passed on all the same, because what answers it knows how:
 * there, reading fails with {@link TooLargeException}, {@link TooSlowException} or {@link
 * NoRoomException}.
 */
public final class RequestBodies extends Handler.Wrapper {
  /** The request's attribute that holds the whole body, as an array of bytes. */
  static final String BYTES = RequestBodies.class.getName() + ".bytes";

  /** What a request holds beside its body, about: its head, in Jetty's form and in ours. */
  private static final int HEAD_BYTES = 4 << 10;

  private static final int FIRST_BYTES = 4 << 10;

  /** How much may be sent, and whether a secret vouches for the sender. */
  record Limit(int maxBytes, boolean isVerified) {}

  /** Judges a request by its head alone. */
  interface Limits {
    Limit of(Request head);
  }

  private final Limits limits;
  private final IntakeMemory memory;
  private final Duration timeout;
  private final Counter withoutRoom;

  private RequestBodies(
      Limits limits, IntakeMemory memory, Duration timeout, MetricRegistry metrics) {
    this.limits = limits;
    this.memory = memory;
    this.timeout = timeout;
    this.withoutRoom = metrics.counter("acuse.intake.without_room");
    metrics.registerGauge("acuse.intake.memory_bytes", memory::used);
  }

  /** Puts it before everything that the application's port answers. */
  static void install(Environment environment, Limits limits, IntakeConfiguration config) {
    environment
        .getApplicationContext()
        .insertHandler(
            new RequestBodies(
                limits,
                new IntakeMemory(config.memoryBytes()),
                config.bodyTimeout(),
                environment.metrics()));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!hasBody(request)) {
      return super.handle(request, response, callback);
    }
    Limit limit = limits.of(request);
    if (request.getLength() > limit.maxBytes()) {
      return pass(request, new TooLargeException(limit.maxBytes()), response, callback);
    }
    IntakeMemory.Share share = memory.share(limit.isVerified());
    if (!share.grow(HEAD_BYTES + Math.max(request.getLength(), FIRST_BYTES))) {
      return pass(request, noRoom(), response, callback);
    }
    Request.addCompletionListener(request, failure -> share.release());
    return new Reading(request, response, callback, limit.maxBytes(), share).begin();
  }

  private static boolean hasBody(Request request) {
    return request.getLength() > 0
        || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  private NoRoomException noRoom() {
    withoutRoom.inc();
    return new NoRoomException();
  }

  private boolean pass(Request request, IOException refusal, Response response, Callback callback)
      throws Exception {
    return super.handle(new Refused(request, refusal), response, callback);
  }

  private boolean passOn(Request request, Response response, Callback callback) throws Exception {
    return super.handle(request, response, callback);
  }

  /** One body that is being read, by whichever thread Jetty has when more of it is there. */
  private final class Reading implements Runnable {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final int maxBytes;
    private final IntakeMemory.Share share;
    private final long deadlineNanos = System.nanoTime() + timeout.toNanos();
    private byte[] bytes;
    private int read;

    Reading(
        Request request,
        Response response,
        Callback callback,
        int maxBytes,
        IntakeMemory.Share share) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      this.maxBytes = maxBytes;
      this.share = share;
      this.bytes = new byte[Math.toIntExact(request.getLength() < 0 ? FIRST_BYTES : request.getLength())];
    }

    /** In the thread of the request: what is there already is answered by it, too. */
    boolean begin() throws Exception {
      Request whole = readOn();
      return whole == null || passOn(whole, response, callback);
    }

    @Override
    public void run() {
      try {
        Request whole = readOn();
        if (whole != null && !passOn(whole, response, callback)) {
          Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
        }
      } catch (Exception | Error e) {
        FatalErrors.haltOn(e);
        Response.writeError(request, response, callback, e);
      }
    }

    /** The request with its body, or with why it has none; null if more is to come. */
    private @Nullable Request readOn() {
      while (true) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return null;
        }
        if (Content.Chunk.isFailure(chunk)) {
          return new Refused(request, chunk.getFailure());
        }
        IOException refusal = take(chunk.getByteBuffer());
        boolean isLast = chunk.isLast();
        chunk.release();
        if (refusal != null) {
          return new Refused(request, refusal);
        }
        if (isLast) {
          return new Whole(request, read == bytes.length ? bytes : Arrays.copyOf(bytes, read));
        }
      }
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
        if (!share.grow(larger - bytes.length)) {
          return noRoom();
        }
        bytes = Arrays.copyOf(bytes, larger);
      }
      more.get(bytes, read, length);
      read += length;
      return null;
    }
  }

  /** A request whose body is here. */
  private static final class Whole extends Request.Wrapper {
    private @Nullable ByteBuffer unread;

    Whole(Request request, byte[] body) {
      super(request);
      setAttribute(BYTES, body);
      unread = ByteBuffer.wrap(body);
    }

    @Override
    public Content.Chunk read() {
      ByteBuffer rest = unread;
      unread = null;
      return rest == null || !rest.hasRemaining()
          ? Content.Chunk.EOF
          : Content.Chunk.from(rest, true);
    }

    @Override
    public void demand(Runnable callback) {
      callback.run();
    }
  }

  /** A request whose body cannot be read, or not to its end. */
  private static final class Refused extends Request.Wrapper {
    private final Throwable reason;

    Refused(Request request, Throwable reason) {
      super(request);
      this.reason = reason;
    }

    @Override
    public Content.Chunk read() {
      return Content.Chunk.from(reason, true);
    }

    @Override
    public void demand(Runnable callback) {
      callback.run();
    }
  }
}
