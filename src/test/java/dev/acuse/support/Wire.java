package dev.acuse.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.acuse.sandbox.mercadopago.Notification;
import java.io.ByteArrayOutputStream;

/** Requests as bytes, for what no HTTP client would send. */
public final class Wire {
  private Wire() {}

  /** The lines of a genuine webhook's head, without a length, and lines of the test's own. */
  public static String[] head(Notification webhook, String... more) {
    return head("/webhooks/mp", webhook, more);
  }

  /** The same, to another path. */
  public static String[] head(String path, Notification webhook, String... more) {
    String[] head = new String[4 + more.length];
    head[0] = "POST " + path + "?" + webhook.query() + " HTTP/1.1";
    head[1] = "Host: localhost";
    head[2] = "x-signature: " + webhook.header("x-signature");
    head[3] = "x-request-id: " + webhook.header("x-request-id");
    System.arraycopy(more, 0, head, 4, more.length);
    return head;
  }

  /** A genuine webhook as it should be, the last on its connection. */
  public static byte[] whole(Notification webhook) {
    return join(
        lines(head(webhook, "Content-Length: " + webhook.body().length, "Connection: close")),
        webhook.body());
  }

  /** A head, with the empty line that ends it. */
  public static byte[] lines(String... head) {
    return (String.join("\r\n", head) + "\r\n\r\n").getBytes(ISO_8859_1);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  public static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
