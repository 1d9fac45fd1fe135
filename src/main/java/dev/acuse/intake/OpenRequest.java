package dev.acuse.intake;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.Executor;

/**
 * A request whose answer comes later. Jersey leaves one open for good whose answer it could not
 * write: each sender that hangs up early would leave one behind, and a shutdown would wait for
 * them.
 */
final class OpenRequest implements AsyncListener {
  private final AsyncContext context;
  private volatile boolean ended;

  OpenRequest(AsyncContext context) {
    this.context = context;
    context.addListener(this);
  }

  /**
   * Ends it, unless it ends with its answer.
   *
   * @param later runs what it is given when an answer that was written has long ended its request:
   *     to end that once more could end the next request of the same connection
   */
  void endUnlessEnded(Executor later) {
    if (!ended) {
      later.execute(this::end);
    }
  }

  private void end() {
    // To find out by asking for the end would cost an exception a request.
    if (ended) {
      return;
    }
    try {
      context.complete();
    } catch (IllegalStateException e) {
      // It ends as soon as the thread that began it lets go of it.
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    ended = true;
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // Jersey has none set.
  }

  @Override
  public void onError(AsyncEvent event) {
    // The end follows.
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // It has begun.
  }
}
