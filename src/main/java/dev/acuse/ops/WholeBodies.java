package dev.acuse.ops;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a request on when all of its body is there, so that none of those that still come holds a
 * thread. One that is too large is refused with 413, one that takes too long with 408, and one that
 * is compressed or encoded otherwise with 415.
 */
final class WholeBodies extends Handler.Wrapper {
  private static final Logger LOGGER = LoggerFactory.getLogger(WholeBodies.class);

  private final int limit;
  private final long timeoutNanos;

  /**
   * @param limit how many bytes a body may have
   * @param timeout how long after its head all of it must have come
   */
  WholeBodies(int limit, Duration timeout, Handler next) {
    super(next);
    this.limit = limit;
    this.timeoutNanos = timeout.toNanos();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (isEncoded(request)) {
      refuse(request, response, callback, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415);
    } else if (length > limit) {
      refuse(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
    } else if (length > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
      new Arrival(request, response, callback).run();
    } else {
      return super.handle(request, response, callback);
    }
    return true;
  }

  private static boolean isEncoded(Request request) {
    return request.getHeaders().getFields(HttpHeader.CONTENT_ENCODING).stream()
        .map(HttpField::getValue)
        .anyMatch(coding -> coding == null || !coding.equalsIgnoreCase("identity"));
  }

  /** Says that the connection ends, because Jetty ends it where a body was not read. */
  private static void refuse(Request request, Response response, Callback callback, int status) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    Response.writeError(request, response, callback, status);
  }

  /** One body on its way. Run whenever there is more of it, by one thread at a time. */
  private final class Arrival implements Runnable {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final EndPoint endPoint;
    private final long idleMillis;
    private final long startNanos = System.nanoTime();
    // It grows with what has come, and not with what is announced.
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Arrival(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
      this.idleMillis = endPoint.getIdleTimeout();
    }

    @Override
    public void run() {
      try {
        read();
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    private void read() {
      while (true) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
          if (leftNanos <= 0) {
            end(HttpStatus.REQUEST_TIMEOUT_408);
            return;
          }
          // Jetty wakes us when nothing more comes for so long.
          endPoint.setIdleTimeout(Math.max(1, Duration.ofNanos(leftNanos).toMillis()));
          request.demand(this);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          fail(chunk.getFailure());
          return;
        }
        boolean last = chunk.isLast();
        take(chunk);
        if (body.size() > limit) {
          end(HttpStatus.PAYLOAD_TOO_LARGE_413);
          return;
        }
        if (last) {
          handOn();
          return;
        }
      }
    }

    private void take(Content.Chunk chunk) {
      try {
        body.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
      } finally {
        chunk.release();
      }
    }

    private void fail(Throwable failure) {
      boolean late = failure instanceof TimeoutException;
      if (!late) {
        LOGGER.debug("a body did not come: {}", failure.toString());
      }
      end(late ? HttpStatus.REQUEST_TIMEOUT_408 : HttpStatus.BAD_REQUEST_400);
    }

    private void end(int status) {
      endPoint.setIdleTimeout(idleMillis);
      refuse(request, response, callback, status);
    }

    /** By another thread: this one may be needed to read from the connection. */
    private void handOn() {
      endPoint.setIdleTimeout(idleMillis);
      Executor threads = request.getConnectionMetaData().getConnector().getExecutor();
      var whole = new WholeRequest(request, body.toByteArray());
      threads.execute(() -> request.getContext().run(() -> serve(whole), request));
    }

    private void serve(Request whole) {
      try {
        if (!WholeBodies.super.handle(whole, response, callback)) {
          Response.writeError(whole, response, callback, HttpStatus.NOT_FOUND_404);
        }
      } catch (Throwable e) {
        Response.writeError(whole, response, callback, e);
      }
    }
  }

  /** A request whose body is here. */
  private static final class WholeRequest extends Request.Wrapper {
    private final Content.Source body;
    private final long length;

    WholeRequest(Request request, byte[] body) {
      super(request);
      this.body = Content.Source.from(ByteBuffer.wrap(body));
      this.length = body.length;
    }

    @Override
    public long getLength() {
      return length;
    }

    @Override
    public Content.Chunk read() {
      return body.read();
    }

    @Override
    public void demand(Runnable onContent) {
      body.demand(onContent);
    }

    @Override
    public boolean consumeAvailable() {
      return true;
    }
  }
}
