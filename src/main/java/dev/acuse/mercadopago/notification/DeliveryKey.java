package dev.acuse.mercadopago.notification;

import dev.acuse.intake.Delivery;
import dev.acuse.mercadopago.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The idempotency key of a delivery. MercadoPago sends no stable id of an event, so only the very
 * same delivery is a duplicate; anything else is looked up once more.
 */
final class DeliveryKey {
  private static final int DIGEST_BYTES_KEPT = 8;

  private DeliveryKey() {}

  /** {@code mp:<type>:<resource id>:<16 hex digits over request id, query and exact body>}. */
  static String of(Delivery delivery, String type, String resourceId) {
    MessageDigest digest = sha256();
    List<String> requestIds = delivery.headers().getOrDefault("x-request-id", List.of());
    add(digest, String.join("\n", requestIds).getBytes(StandardCharsets.UTF_8));
    String query = delivery.queryString();
    add(digest, (query == null ? "" : query).getBytes(StandardCharsets.UTF_8));
    add(digest, delivery.body());
    String hex = HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES_KEPT);
    return Topic.SOURCE + ":" + type + ":" + resourceId + ":" + hex;
  }

  /** The length goes before the part, so that no byte can pass from one part to the next. */
  private static void add(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
    digest.update(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
