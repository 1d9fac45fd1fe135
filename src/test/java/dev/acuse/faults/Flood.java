package dev.acuse.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.acuse.sandbox.mercadopago.Notifier.Answer;
import dev.acuse.support.RunningAcuse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Many connections that each send one body after another, all at once. The bodies are about random
 * resources.
 */
final class Flood {
  private static final byte[] FILLER = new byte[64 << 10];

  /** Less than a body may take to arrive. */
  private static final Duration HELD = Duration.ofSeconds(3);

  static {
    Arrays.fill(FILLER, (byte) 'a');
  }

  /**
   * What is sent.
   *
   * @param bytes of each body
   * @param isForged a webhook with a wrong signature; else IPN without one
   * @param isChunked whether the body comes without its length
   * @param isHeld whether the last byte of each body waits for all the others
   */
  record Body(int bytes, boolean isForged, boolean isChunked, boolean isHeld) {}

  /**
   * How much of it, and for how long.
   *
   * @param rounds so many bodies a connection's place
   * @param atMost whatever is open then is closed
   */
  record Plan(int connections, int rounds, Duration atMost) {}

  /** Where to send to; asked for each connection, as a service that was restarted is elsewhere. */
  interface Target {
    URI get() throws IOException;
  }

  private final Body body;
  private final Plan plan;
  private final IntFunction<Peer> peers;
  private final Target target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private volatile boolean isOver;

  /**
   * @param peers by the number of the connection
   */
  Flood(Body body, Plan plan, IntFunction<Peer> peers, Target target) {
    this.body = body;
    this.plan = plan;
    this.peers = peers;
    this.target = target;
  }

  /** Returns when all was sent, or the time is up. */
  void run() {
    ExecutorService threads = Executors.newFixedThreadPool(plan.connections());
    var together = new CountDownLatch(plan.connections());
    for (int i = 0; i < plan.connections(); i++) {
      int connection = i;
      threads.execute(() -> sendAll(connection, together));
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(plan.atMost().toMillis(), TimeUnit.MILLISECONDS)) {
        isOver = true;
        open.forEach(Flood::closeQuietly);
        threads.awaitTermination(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendAll(int connection, CountDownLatch together) {
    var random = new Random(connection);
    for (int round = 0; round < plan.rounds() && !isOver; round++) {
      int status = 0;
      try (Socket socket = peers.apply(connection).connect(target.get())) {
        open.add(socket);
        Answer answer = exchange(socket, 10_000_000_000L + random.nextInt(), together);
        status = answer.status();
        if (status / 100 == 2) {
          acknowledged.add(RunningAcuse.json(answer.body()).path("webhook_id").asText());
        }
        open.remove(socket);
      } catch (IOException cut) {
        status = 0;
      }
      if (!isOver) {
        answers.merge(status, 1, Integer::sum);
      }
    }
  }

  private Answer exchange(Socket socket, long id, CountDownLatch together) throws IOException {
    try {
      write(socket.getOutputStream(), id, together);
    } catch (IOException e) {
      // It was answered before it was read, and the answer may be there.
      return Peer.answer(socket);
    }
    return Peer.answer(socket);
  }

  private void write(OutputStream out, long id, CountDownLatch together) throws IOException {
    String start = "{\"resource\":\"" + id + "\",\"topic\":\"payment\",\"pad\":\"";
    out.write(head(id).getBytes(ISO_8859_1));
    write(out, start.getBytes(ISO_8859_1), start.length());
    for (int left = body.bytes() - start.length() - 2; left > 0; left -= FILLER.length) {
      write(out, FILLER, Math.min(left, FILLER.length));
    }
    if (body.isHeld()) {
      await(together);
    }
    write(out, new byte[] {'"', '}'}, 2);
    if (body.isChunked()) {
      out.write("0\r\n\r\n".getBytes(ISO_8859_1));
    }
  }

  private void write(OutputStream out, byte[] bytes, int length) throws IOException {
    if (body.isChunked()) {
      out.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
    }
    out.write(bytes, 0, length);
    if (body.isChunked()) {
      out.write("\r\n".getBytes(ISO_8859_1));
    }
  }

  private static void await(CountDownLatch together) {
    together.countDown();
    try {
      together.await(HELD.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String head(long id) {
    String query = body.isForged() ? "data.id=" + id + "&type=payment" : "topic=payment&id=" + id;
    String signature =
        body.isForged() ? "x-signature: ts=1700000000,v1=" + "0".repeat(64) : "x-a: b";
    String length =
        body.isChunked() ? "Transfer-Encoding: chunked" : "Content-Length: " + body.bytes();
    return String.join(
        "\r\n",
        "POST /webhooks/mp?" + query + " HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        "x-request-id: " + UUID.randomUUID(),
        signature,
        length,
        "Connection: close",
        "",
        "");
  }

  /** How often each status was the answer; 0 where there was none. */
  Map<Integer, Integer> answers() {
    return new TreeMap<>(answers);
  }

  /** The keys that were answered 200. */
  Set<String> acknowledged() {
    return acknowledged;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed is closed.
      return;
    }
  }
}
