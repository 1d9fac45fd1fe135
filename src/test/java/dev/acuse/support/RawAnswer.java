package dev.acuse.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * All that came back over a connection until the server closed it.
 *
 * @param head the status line and the headers
 */
public record RawAnswer(String head, String body) {
  /** Less than a server waits that has not made up its mind to close the connection. */
  private static final int PATIENCE_MILLIS = 8_000;

  /**
   * Sends bytes as they are, and reads until the server closes the connection.
   *
   * @param head the lines of the request's head
   * @param body what follows it on the wire
   */
  public static RawAnswer to(int port, byte[] body, String... head) {
    byte[] lines = (String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    return to(port, ByteBuffer.allocate(lines.length + body.length).put(lines).put(body).array());
  }

  /** Sends bytes as they are, and reads until the server closes the connection. */
  public static RawAnswer to(int port, byte[] request) {
    return exchange(port, request, false);
  }

  /** The same, but the client says that it has no more to send. */
  public static RawAnswer toTheEnd(int port, byte[] request) {
    return exchange(port, request, true);
  }

  private static RawAnswer exchange(int port, byte[] request, boolean end) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      send(socket, request, end);
      var answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return parse(answer.toString(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server may have answered, and hung up, before it was told everything. */
  private static void send(Socket socket, byte[] request, boolean end) {
    try {
      socket.getOutputStream().write(request);
      if (end) {
        socket.shutdownOutput();
      }
    } catch (IOException e) {
      // What it answered is there to be read.
    }
  }

  private static RawAnswer parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("no answer: " + text);
    }
    return new RawAnswer(text.substring(0, end), text.substring(end + 4));
  }

  public int status() {
    return Integer.parseInt(head.split(" ", 3)[1]);
  }

  /** A header; null if it is absent. */
  public @Nullable String header(String name) {
    return head.lines()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }
}
