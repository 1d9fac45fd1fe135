package dev.acuse.bench;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.regex.Pattern;

/**
 * Signed notifications as bytes of HTTP. Only the number of the notification differs from one to
 * the next, which the body holds and nobody signs: each is an event of its own, and making one
 * costs the generator next to nothing. Used by one thread.
 */
final class SignedRequests {
  private static final int RESOURCES = 1_000;
  private static final long FIRST_RESOURCE = 1_000_000_000L;
  private static final int DIGITS = 16;
  private static final Pattern NUMBER = Pattern.compile("(?<=\"id\":)\\d+");
  private static final long FIRST_NUMBER = 1_000_000_000_000_000L;

  /** The first of the sellers, if there are as many as resources. */
  static final long FIRST_SELLER = 2_000_000_000L;

  /** How many there are then, each with an application of its own. */
  static final int SELLERS = RESOURCES;

  private static final String NUMBERED = "#";

  // Nobody compares two templates.
  @SuppressWarnings("ArrayRecordComponent")
  private record Template(byte[] bytes, int numberAt) {}

  private final Template[] templates = new Template[RESOURCES];
  private long number;

  /**
   * @param secret of the one seller; with a {@code #} in it, as a number in its place makes it for
   *     each of many sellers
   * @param type of the notifications; {@code payment} is what the service has a handler for
   * @param seed two generators with different seeds send different events
   */
  SignedRequests(String path, String secret, String type, long seed) {
    for (int i = 0; i < RESOURCES; i++) {
      long seller = secret.contains(NUMBERED) ? FIRST_SELLER + i : 1;
      var notifications = new Notifications(numbered(secret, i), seller, InstantSource.system());
      templates[i] =
          template(
              path,
              notifications.webhook(type, Long.toString(FIRST_RESOURCE + i), "payment.updated"));
    }
    this.number = FIRST_NUMBER + seed * 1_000_000_000L;
  }

  /** The secret of the seller of this number. */
  static String numbered(String secret, int seller) {
    return secret.replace(NUMBERED, String.valueOf(seller));
  }

  private static Template template(String path, Notification notification) {
    String body =
        NUMBER
            .matcher(new String(notification.body(), StandardCharsets.UTF_8))
            .replaceFirst(String.valueOf(FIRST_NUMBER));
    var head =
        new StringBuilder("POST ")
            .append(path)
            .append('?')
            .append(notification.query())
            .append(" HTTP/1.1\r\nhost: localhost\r\ncontent-length: ")
            .append(body.length())
            .append("\r\n");
    notification.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("\r\n");
    int numberAt = head.length() + body.indexOf(String.valueOf(FIRST_NUMBER));
    return new Template((head + body).getBytes(StandardCharsets.UTF_8), numberAt);
  }

  /** Puts the next request into the buffer, ready to be written. */
  void next(ByteBuffer out) {
    long id = number++;
    Template template = templates[(int) (id % RESOURCES)];
    out.clear();
    out.put(template.bytes());
    for (int digit = DIGITS - 1; digit >= 0; digit--) {
      out.put(template.numberAt() + digit, (byte) ('0' + id % 10));
      id /= 10;
    }
    out.flip();
  }
}
