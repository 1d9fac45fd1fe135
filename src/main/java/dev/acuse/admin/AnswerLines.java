package dev.acuse.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer's text and hands on each line as soon as it is whole. The caller waits in its own
 * thread, and no longer than it wants for the next bytes. Only one part is asked for at a time, so
 * that no more than that is in memory.
 */
final class AnswerLines implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  /** In bytes; the answers of tasks are far below. */
  static final int MAX_LINE = 1024 * 1024;

  static final long MAX_ANSWER = 64L * 1024 * 1024;

  /** What arrives: some bytes, or the end. */
  private record Part(List<ByteBuffer> bytes, boolean isLast, @Nullable Throwable failure) {}

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private Flow.@Nullable Subscription subscription;
  private long read;

  @Override
  public synchronized void onSubscribe(Flow.Subscription its) {
    subscription = its;
    its.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    parts.add(new Part(bytes, false, null));
  }

  @Override
  public void onError(Throwable failure) {
    parts.add(new Part(List.of(), true, failure));
  }

  @Override
  public void onComplete() {
    parts.add(new Part(List.of(), true, null));
  }

  /**
   * Hands on all lines, and returns at the answer's end.
   *
   * @param silence how long to wait for more bytes at most
   * @throws IOException if the answer breaks off, is silent for too long or is too large
   */
  void forEach(Consumer<String> lines, Duration silence) throws IOException, InterruptedException {
    Part part = next(silence);
    while (!part.isLast()) {
      for (ByteBuffer bytes : part.bytes()) {
        take(bytes, lines);
      }
      more();
      part = next(silence);
    }
    if (part.failure() != null) {
      throw new IOException("the answer broke off", part.failure());
    }
    if (line.size() > 0) {
      finish(lines);
    }
  }

  private Part next(Duration silence) throws IOException, InterruptedException {
    Part part = parts.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (part == null) {
      throw new IOException("nothing came for " + silence.toSeconds() + " s");
    }
    return part;
  }

  private void take(ByteBuffer bytes, Consumer<String> lines) throws IOException {
    read += bytes.remaining();
    if (read > MAX_ANSWER) {
      throw new IOException("the answer is longer than " + MAX_ANSWER + " bytes");
    }
    while (bytes.hasRemaining()) {
      byte one = bytes.get();
      if (one == '\n') {
        finish(lines);
      } else if (line.size() == MAX_LINE) {
        throw new IOException("a line of the answer is longer than " + MAX_LINE + " bytes");
      } else {
        line.write(one);
      }
    }
  }

  private void finish(Consumer<String> lines) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  private synchronized void more() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  /** Hangs up on what is not read yet. */
  @Override
  public synchronized void close() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
