package dev.acuse.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * A client with an address of its own, among the many that loopback has. Each request goes over a
 * connection of its own, as from a sender that keeps none.
 */
record Peer(InetAddress address) {
  /** As long as MercadoPago waits for the answer to a repeated notification. */
  private static final int PATIENCE_MILLIS = 5_000;

  /** 127.0.0.x; 0 and 1 are not taken. */
  static Peer number(int x) {
    try {
      return new Peer(InetAddress.getByAddress(new byte[] {127, 0, (byte) (x >> 8), (byte) x}));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** An open connection. */
  Socket connect(URI target) throws IOException {
    var socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(address, 0));
      socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends a notification and waits for the answer. */
  Answer send(URI target, Notification notification) throws IOException {
    try (Socket socket = connect(target)) {
      socket.getOutputStream().write(request(target, notification));
      return answer(socket);
    }
  }

  /**
   * Sends a request without a body.
   *
   * @param headers without Host, which is among them if one is wanted
   */
  Answer ask(URI target, String method, String... headers) throws IOException {
    try (Socket socket = connect(target)) {
      String head =
          method
              + " "
              + target.getRawPath()
              + " HTTP/1.1\r\nConnection: close\r\n"
              + String.join("\r\n", headers)
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      return answer(socket);
    }
  }

  private static byte[] request(URI target, Notification notification) {
    var head = new StringBuilder("POST ").append(target.getRawPath());
    head.append('?').append(notification.query()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(target.getAuthority()).append("\r\nConnection: close\r\n");
    notification.headers().forEach((name, value) -> line(head, name, value));
    line(head, "Content-Length", String.valueOf(notification.body().length));
    byte[] lines = head.append("\r\n").toString().getBytes(ISO_8859_1);
    byte[] all = new byte[lines.length + notification.body().length];
    System.arraycopy(lines, 0, all, 0, lines.length);
    System.arraycopy(notification.body(), 0, all, lines.length, notification.body().length);
    return all;
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /**
   * Reads to the end of the connection. Of the body only what may be JSON is kept, however it was
   * framed.
   */
  static Answer answer(Socket socket) throws IOException {
    String text = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    String[] words = text.split("[ \r]", 3);
    if (words.length < 3 || !words[0].startsWith("HTTP/1.")) {
      throw new IOException("no answer");
    }
    int begin = text.indexOf('{');
    int end = text.lastIndexOf('}');
    String body = begin < 0 || end < begin ? "{}" : text.substring(begin, end + 1);
    return new Answer(Integer.parseInt(words[1]), body);
  }
}
