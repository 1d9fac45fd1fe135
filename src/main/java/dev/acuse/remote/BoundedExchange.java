package dev.acuse.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Bounds a whole exchange, from the wait for a connection to the last byte of the answer, in time,
 * and its body in size; what stands around the body is bounded by {@link BoundedConnection}.
 * Thread-safe.
 *
 * <p>A socket time-out cannot do it: it starts anew with each byte, so a server that drips one byte
 * a second, be it in its header lines or its body, would hold a worker for ever. A deadline checked
 * between reads does not see the header lines, and a call left behind on another thread keeps its
 * connection. Here a timer closes the connection under the call, whatever the call is waiting for,
 * and a closed connection also stops the client from reading a too large answer to its end. Only a
 * name look-up is out of its reach; the operating system bounds that.
 */
final class BoundedExchange implements ExecChainHandler {
  private final ScheduledExecutorService timer;
  private final Duration timeout;
  private final long maxBytes;

  BoundedExchange(ScheduledExecutorService timer, Duration timeout, long maxBytes) {
    this.timer = timer;
    this.timeout = timeout;
    this.maxBytes = maxBytes;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    var deadline = new Deadline(scope);
    deadline.start();
    boolean answering = false;
    try {
      ClassicHttpResponse response = chain.proceed(request, scope);
      HttpEntity entity = response.getEntity();
      if (entity != null) {
        response.setEntity(new BoundedEntity(entity, deadline));
        answering = true;
      }
      return response;
    } catch (IOException e) {
      throw deadline.explain(e);
    } finally {
      if (!answering) {
        deadline.stop();
      }
    }
  }

  /** The timer of one exchange. */
  private final class Deadline {
    private final ExecChain.Scope scope;
    private volatile boolean passed;
    private volatile Future<?> pending = CompletableFuture.completedFuture(null);

    Deadline(ExecChain.Scope scope) {
      this.scope = scope;
    }

    void start() throws IOException {
      try {
        pending = timer.schedule(this::pass, timeout.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        throw new IOException("shutting down", e);
      }
    }

    private void pass() {
      passed = true;
      cut();
    }

    void cut() {
      if (scope.originalRequest instanceof Cancellable request) {
        request.cancel();
      } else {
        scope.execRuntime.discardEndpoint();
      }
    }

    void stop() {
      pending.cancel(false);
    }

    IOException explain(IOException e) {
      if (!passed) {
        return e;
      }
      var timedOut =
          new SocketTimeoutException("no complete answer within " + timeout.toMillis() + " ms");
      timedOut.initCause(e);
      return timedOut;
    }
  }

  private final class BoundedEntity extends HttpEntityWrapper {
    private final Deadline deadline;

    BoundedEntity(HttpEntity wrapped, Deadline deadline) {
      super(wrapped);
      this.deadline = deadline;
    }

    @Override
    public InputStream getContent() throws IOException {
      return new BoundedStream(super.getContent(), deadline);
    }
  }

  private final class BoundedStream extends FilterInputStream {
    private final Deadline deadline;
    private long count;

    BoundedStream(InputStream in, Deadline deadline) {
      super(in);
      this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int read = super.read(buffer, offset, length);
        count += Math.max(read, 0);
        if (count > maxBytes) {
          deadline.cut();
          throw new AnswerTooLargeException(maxBytes);
        }
        return read;
      } catch (AnswerTooLargeException e) {
        throw e;
      } catch (IOException e) {
        throw deadline.explain(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        // reads an unread rest to its end, so that the connection can be used again: still bounded
        super.close();
      } finally {
        deadline.stop();
      }
    }
  }
}
