package dev.acuse.admin;

import dev.acuse.http.BodyArrival;
import dev.acuse.http.BoundedBody;
import dev.acuse.http.WholeRequest;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
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
  private final Duration timeout;

  /**
   * @param limit how many bytes a body may have
   * @param timeout how long after its head all of it must have come
   */
  WholeBodies(int limit, Duration timeout, Handler next) {
    super(next);
    this.limit = limit;
    this.timeout = timeout;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (isEncoded(request)) {
      refuse(request, response, callback, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415);
    } else if (length > limit) {
      refuse(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
    } else if (BodyArrival.isDue(request)) {
      new BodyArrival(
              request,
              limit,
              BodyArrival.expected(request),
              timeout,
              bytes -> true,
              new Answering(request, response, callback))
          .run();
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

  /** Hands a request on when its body is here, or answers why it is not. */
  private final class Answering implements BodyArrival.Sink {
    private final Request request;
    private final Response response;
    private final Callback callback;

    Answering(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    /** By another thread: this one may be needed to read from the connection. */
    @Override
    public void whole(byte[] body) {
      Executor threads = request.getConnectionMetaData().getConnector().getExecutor();
      var whole = new WholeRequest(request, body);
      threads.execute(() -> request.getContext().run(() -> serve(whole), request));
    }

    private void serve(Request whole) {
      try {
        if (!WholeBodies.super.handle(whole, response, callback)) {
          Response.writeError(whole, response, callback, HttpStatus.NOT_FOUND_404);
        }
      } catch (Exception | Error e) {
        FatalErrors.haltOn(e);
        failed(e);
      }
    }

    @Override
    public void refused(Throwable reason) {
      LOGGER.debug("a body did not come", reason);
      refuse(request, response, callback, status(reason));
    }

    @Override
    public void failed(Throwable failure) {
      Response.writeError(request, response, callback, failure);
    }
  }

  private static int status(Throwable reason) {
    if (reason instanceof BoundedBody.TooLargeException) {
      return HttpStatus.PAYLOAD_TOO_LARGE_413;
    }
    return reason instanceof BoundedBody.TooSlowException
        ? HttpStatus.REQUEST_TIMEOUT_408
        : HttpStatus.BAD_REQUEST_400;
  }
}
