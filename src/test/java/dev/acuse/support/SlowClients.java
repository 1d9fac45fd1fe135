package dev.acuse.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Clients that never come to an end: a byte a second, of a header or of a body. */
public final class SlowClients implements AutoCloseable {
  private final List<Socket> headers = new ArrayList<>();
  private final List<Socket> bodies = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  private SlowClients() {}

  /** They come from several addresses, none of them the one that the good load comes from. */
  public static SlowClients on(URI target, int slowHeaders, int slowBodies) {
    var clients = new SlowClients();
    try {
      for (int i = 0; i < slowHeaders; i++) {
        clients.headers.add(clients.open(target, 2 + i % 8, "POST /webhooks/mp HTTP/1.1\r\nX-A: "));
      }
      for (int i = 0; i < slowBodies; i++) {
        clients.bodies.add(
            clients.open(
                target,
                10 + i % 4,
                "POST /webhooks/mp HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{"));
      }
    } catch (IOException e) {
      clients.close();
      throw new UncheckedIOException(e);
    }
    var unused = clients.clock.scheduleAtFixedRate(clients::drip, 1, 1, TimeUnit.SECONDS);
    return clients;
  }

  private Socket open(URI target, int lastByte, String start) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + lastByte), 0));
    socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), 2_000);
    socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private void drip() {
    headers.forEach(SlowClients::dripInto);
    bodies.forEach(SlowClients::dripInto);
  }

  private static void dripInto(Socket socket) {
    try {
      socket.getOutputStream().write('a');
    } catch (IOException cut) {
      // The service has closed it, which is what it should do.
      return;
    }
  }

  /** Waits until the service has ended each slow body. */
  public void awaitBodiesCut(Duration atMost) {
    Awaitility.await().atMost(atMost).until(() -> bodies.stream().allMatch(SlowClients::isCut));
  }

  /** Waits until the service has ended so many of them. */
  public void awaitCut(int number) {
    Awaitility.await()
        .until(
            () ->
                Stream.concat(headers.stream(), bodies.stream()).filter(SlowClients::isCut).count()
                    >= number);
  }

  private static boolean isCut(Socket socket) {
    try {
      if (socket.getInputStream().available() > 0) {
        return true;
      }
      socket.getOutputStream().write('a');
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    headers.forEach(SlowClients::closeQuietly);
    bodies.forEach(SlowClients::closeQuietly);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
