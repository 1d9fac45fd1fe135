package dev.acuse.http;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.http.BoundedBody.NoRoomException;
import dev.acuse.http.BoundedBody.TooLargeException;
import dev.acuse.http.BoundedBody.TooSlowException;
import dev.acuse.process.FatalErrors;
import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Reads the body of each request before a thread is given to what answers it, within a limit of
 * bytes, of time and of memory for all requests together. A body that comes by drops holds a
 * connection, and no thread; one for which there is no memory is not read at all.
 *
 * <p>A request whose body is refused is passed on all the same, because what answers it knows how:
 * there, reading fails with {@link TooLargeException}, {@link TooSlowException} or {@link
 * NoRoomException}. Two threads do that, one refusal after another, because a stranger can have a
 * thousand bodies refused in one moment: a genuine webhook does not wait for them.
 */
public final class RequestBodies extends Handler.Wrapper {
  /** The request's attribute that holds the whole body, as an array of bytes. */
  public static final String BYTES = RequestBodies.class.getName() + ".bytes";

  /**
   * The request's attribute that holds, as a {@link Throwable}, why its body was not read. To ask
   * for the body instead would tell a sender that waits for it ({@code Expect: 100-continue}) to go
   * on.
   */
  public static final String REFUSAL = RequestBodies.class.getName() + ".refusal";

  /** What a request holds beside its body and the texts of its head, about. */
  private static final int REQUEST_BYTES = 4 << 10;

  /** What a line of its head takes beside its text, in Jetty's form and in ours. */
  private static final int LINE_BYTES = 200;

  private static final int REFUSAL_THREADS = 2;

  /** How much may be sent, and of which memory. */
  public record Limit(int maxBytes, IntakeMemory.Kind kind) {

    /** What memory a request begins with: what is proven is refused before it is read. */
    private long first(Request request) {
      long expected = BodyArrival.expected(request);
      return kind == IntakeMemory.Kind.OTHER
          ? Math.min(expected, BodyArrival.FIRST_BYTES)
          : expected;
    }
  }

  /** Judges a request by its head alone. */
  public interface Limits {
    public Limit of(Request head);
  }

  private final Limits limits;
  private final IntakeMemory memory;
  private final Duration timeout;
  private final Executor refusals;
  private final Counter withoutRoom;

  private RequestBodies(
      Limits limits,
      IntakeMemory memory,
      Duration timeout,
      Executor refusals,
      MetricRegistry metrics) {
    this.limits = limits;
    this.memory = memory;
    this.timeout = timeout;
    this.refusals = refusals;
    this.withoutRoom = metrics.counter("acuse.intake.without_room");
    metrics.registerGauge("acuse.intake.memory_bytes", memory::used);
  }

  /**
   * Puts it before everything that the application's port answers.
   *
   * @param memoryBytes for the bodies of all requests together
   * @param timeout for a whole body
   */
  public static void install(
      Environment environment, Limits limits, long memoryBytes, Duration timeout) {
    environment
        .getApplicationContext()
        .insertHandler(
            new RequestBodies(
                limits,
                new IntakeMemory(memoryBytes),
                timeout,
                environment
                    .lifecycle()
                    .executorService("refusal-%d")
                    .minThreads(REFUSAL_THREADS)
                    .maxThreads(REFUSAL_THREADS)
                    // What still comes while the service stops is answered all the same.
                    .rejectedExecutionHandler((refusal, stopped) -> refusal.run())
                    .build(),
                environment.metrics()));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!BodyArrival.isDue(request)) {
      return super.handle(request, response, callback);
    }
    Limit limit = limits.of(request);
    IntakeMemory.Share share = memory.share(limit.kind());
    var answering = new Answering(request, response, callback, share);
    if (request.getLength() > limit.maxBytes()) {
      answering.refused(new TooLargeException(limit.maxBytes()));
    } else if (!share.grow(headBytes(request) + limit.first(request))) {
      answering.refused(new NoRoomException());
    } else {
      Request.addCompletionListener(request, failure -> share.release());
      new BodyArrival(
              request, limit.maxBytes(), limit.first(request), timeout, share::grow, answering)
          .run();
    }
    return true;
  }

  /** What a request takes without its body, about: its texts are there twice. */
  private static long headBytes(Request request) {
    String query = request.getHttpURI().getQuery();
    long text = query == null ? 0 : query.length();
    HttpFields lines = request.getHeaders();
    for (HttpField line : lines) {
      text += line.getName().length() + String.valueOf(line.getValue()).length();
    }
    return REQUEST_BYTES + 2 * text + (long) LINE_BYTES * lines.size();
  }

  /** Passes a request on when its body is here, or will not be. */
  private final class Answering implements BodyArrival.Sink {
    private final Request request;
    private final Response response;
    private final Callback callback;

    private final IntakeMemory.Share share;

    Answering(Request request, Response response, Callback callback, IntakeMemory.Share share) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      this.share = share;
    }

    @Override
    public void whole(byte[] body) throws Exception {
      var whole = new WholeRequest(request, body);
      whole.setAttribute(BYTES, body);
      passOn(whole);
    }

    @Override
    public void refused(Throwable reason) {
      share.release();
      if (reason instanceof NoRoomException) {
        withoutRoom.inc();
      }
      var refused = new Refused(request, reason);
      refused.setAttribute(REFUSAL, reason);
      refusals.execute(() -> request.getContext().run(() -> answer(refused), request));
    }

    private void answer(Request refused) {
      try {
        passOn(refused);
      } catch (Exception | Error e) {
        FatalErrors.haltOn(e);
        failed(e);
      }
    }

    private void passOn(Request judged) throws Exception {
      if (!RequestBodies.super.handle(judged, response, callback)) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    }

    @Override
    public void failed(Throwable failure) {
      Response.writeError(request, response, callback, failure);
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
