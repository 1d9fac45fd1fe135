package dev.acuse.sandbox.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * An exchange that ends. The JDK's client bounds the head of an answer and what frames its body,
 * but neither the body nor the time in which it comes.
 */
public final class BoundedExchange {
  /** So much of a body is read, in bytes; it is cut off there. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  /**
   * What the other side answered.
   *
   * @param status of HTTP
   * @param body cut off at 64 KiB
   */
  public record Answer(int status, String body) {}

  private BoundedExchange() {}

  /**
   * Sends a request.
   *
   * @param patience until the answer is complete
   * @return the answer, its body cut off at 64 KiB; or the failure, an {@link HttpTimeoutException}
   *     if it took too long. What is not read is hung up on.
   */
  public static CompletableFuture<Answer> send(
      HttpClient client, HttpRequest request, Duration patience) {
    var answer = new CompletableFuture<Answer>();
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(
            request,
            head ->
                new CutOff(
                    BodyHandlers.ofString().apply(head),
                    body -> answer.complete(new Answer(head.statusCode(), body))));
    var unused =
        exchange.whenComplete(
            (whole, failure) -> {
              if (failure == null) {
                answer.complete(new Answer(whole.statusCode(), whole.body()));
              } else {
                answer.completeExceptionally(failure);
              }
            });
    return answer
        .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
        .handle(
            (whole, failure) -> {
              // without effect on one that is through
              exchange.cancel(true);
              if (failure != null) {
                throw new CompletionException(explain(failure, patience));
              }
              return whole;
            });
  }

  private static Throwable explain(Throwable failure, Duration patience) {
    if (failure instanceof TimeoutException) {
      return new HttpTimeoutException("no complete answer within " + patience.toMillis() + " ms");
    }
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Takes so much of a body, and then waits for no more of it. */
  private static final class CutOff implements BodySubscriber<String> {
    private final BodySubscriber<String> text;
    private final Consumer<String> onCutOff;
    private int left = MAX_BODY_BYTES;

    CutOff(BodySubscriber<String> text, Consumer<String> onCutOff) {
      this.text = text;
      this.onCutOff = onCutOff;
    }

    @Override
    public CompletionStage<String> getBody() {
      return text.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      text.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      if (left == 0) {
        return;
      }
      for (ByteBuffer buffer : buffers) {
        buffer.limit(buffer.position() + Math.min(buffer.remaining(), left));
        left -= buffer.remaining();
      }
      text.onNext(buffers);
      if (left == 0) {
        text.onComplete();
        var unused = text.getBody().thenAccept(onCutOff);
      }
    }

    @Override
    public void onError(Throwable failure) {
      text.onError(failure);
    }

    @Override
    public void onComplete() {
      text.onComplete();
    }
  }
}
