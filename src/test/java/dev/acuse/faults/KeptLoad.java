package dev.acuse.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.RunningAcuse;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications at a fixed rate over connections that it keeps, because a sender that makes a
 * connection for each takes as much of the machine as the service. A latency runs from when a
 * notification was due to be sent.
 */
final class KeptLoad implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 22_000;

  /**
   * What is to be sent.
   *
   * @param account the number of the account that it is for
   * @param subject what it is about
   * @param path of the service
   */
  record Post(int account, String subject, String path, Notification notification) {}

  /**
   * One delivery.
   *
   * @param status of HTTP; 0 if there was no answer
   * @param webhookId the key in the answer; empty if there was none
   * @param due when it was to be sent
   */
  record Sent(
      int account, String subject, int status, String webhookId, Instant due, double millis) {}

  private final URI service;
  private final IntFunction<Post> posts;
  private final long start = System.nanoTime();
  private final Instant startedAt = Instant.now();
  private final long nanosBetween;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads;
  private volatile int most;

  private KeptLoad(URI service, double perSecond, int connections, IntFunction<Post> posts) {
    this.service = service;
    this.posts = posts;
    this.nanosBetween = (long) (1e9 / perSecond);
    this.threads = Executors.newFixedThreadPool(connections);
  }

  /**
   * Starts at once.
   *
   * @param most so many are sent
   * @param posts by number; asked for each once, by several threads
   */
  static KeptLoad start(
      URI service, double perSecond, int connections, int most, IntFunction<Post> posts) {
    var load = new KeptLoad(service, perSecond, connections, posts);
    load.most = most;
    for (int i = 0; i < connections; i++) {
      load.threads.execute(load::sendInTurn);
    }
    load.threads.shutdown();
    return load;
  }

  private void sendInTurn() {
    try (var connection = new Connection(service)) {
      while (true) {
        int number = numbers.getAndIncrement();
        if (number >= most) {
          return;
        }
        send(number, connection);
      }
    }
  }

  private void send(int number, Connection connection) {
    long due = number * nanosBetween;
    long left = start + due - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = start + due - System.nanoTime();
    }
    if (number >= most) {
      return;
    }
    Post post = posts.apply(number);
    int status = 0;
    String key = "";
    try {
      Answer answer = connection.send(post);
      status = answer.status();
      key = RunningAcuse.json(answer.body()).path("webhook_id").asText();
    } catch (IOException e) {
      connection.close();
    }
    sent.add(
        new Sent(
            post.account(),
            post.subject(),
            status,
            key,
            startedAt.plusNanos(due),
            (System.nanoTime() - start - due) / 1e6));
  }

  /** Waits until all is sent and answered. */
  List<Sent> all() {
    try {
      if (!threads.awaitTermination(10, TimeUnit.MINUTES)) {
        throw new IllegalStateException("a delivery has no answer after ten minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return List.copyOf(sent);
  }

  /** Sends no more, and waits for the answers. */
  List<Sent> stop() {
    most = 0;
    return all();
  }

  @Override
  public void close() {
    most = 0;
  }

  private record Answer(int status, String body) {}

  /** One connection, which is opened again when it was closed. */
  private static final class Connection implements AutoCloseable {
    private final URI service;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Connection(URI service) {
      this.service = service;
    }

    Answer send(Post post) throws IOException {
      Socket open = socket;
      InputStream answers = in;
      if (open == null || answers == null) {
        open = new Socket(service.getHost(), service.getPort());
        open.setTcpNoDelay(true);
        open.setSoTimeout(PATIENCE_MILLIS);
        answers = new BufferedInputStream(open.getInputStream());
        socket = open;
        in = answers;
      }
      open.getOutputStream().write(request(post));
      return answer(answers);
    }

    private byte[] request(Post post) {
      Notification notification = post.notification();
      var head = new StringBuilder("POST ").append(post.path());
      head.append('?').append(notification.query()).append(" HTTP/1.1\r\n");
      head.append("Host: ").append(service.getAuthority()).append("\r\n");
      notification
          .headers()
          .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      head.append("Content-Length: ").append(notification.body().length).append("\r\n\r\n");
      var all = new ByteArrayOutputStream();
      all.writeBytes(head.toString().getBytes(ISO_8859_1));
      all.writeBytes(notification.body());
      return all.toByteArray();
    }

    private Answer answer(InputStream answers) throws IOException {
      String status = line(answers);
      int length = -1;
      for (String line = line(answers); !line.isEmpty(); line = line(answers)) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring("content-length:".length()).strip());
        }
      }
      if (!status.startsWith("HTTP/1.1 ") || length < 0) {
        throw new IOException("no answer of a known length: " + status);
      }
      String body = new String(answers.readNBytes(length), ISO_8859_1);
      return new Answer(Integer.parseInt(status.substring(9, 12)), body);
    }

    private static String line(InputStream answers) throws IOException {
      var line = new StringBuilder();
      for (int next = answers.read(); next != '\n'; next = answers.read()) {
        if (next < 0) {
          throw new IOException("the connection was closed");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    @Override
    public void close() {
      Socket open = socket;
      socket = null;
      in = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          // Closed is closed.
          return;
        }
      }
    }
  }
}
