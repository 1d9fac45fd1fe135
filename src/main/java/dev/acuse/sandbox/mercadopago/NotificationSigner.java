package dev.acuse.sandbox.mercadopago;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * MercadoPago's {@code x-signature} (its page Webhooks, "Validate origin of notification"). Written
 * from that page alone: what verifies it must not share its mistakes.
 */
final class NotificationSigner {
  private NotificationSigner() {}

  /**
   * The header's value.
   *
   * @param dataId {@code data.id} of the query, decoded; null if there is none
   * @param requestId the header {@code x-request-id}; null if there is none
   * @param timestamp goes into the manifest as it is, seconds or milliseconds
   */
  static String sign(
      String secret, @Nullable String dataId, @Nullable String requestId, long timestamp) {
    return "ts=" + timestamp + ",v1=" + hmac(secret, manifest(dataId, requestId, timestamp));
  }

  /** A part that is missing is left out with its name. */
  static String manifest(@Nullable String dataId, @Nullable String requestId, long timestamp) {
    String id = dataId == null ? "" : "id:" + dataId + ";";
    String request = requestId == null ? "" : "request-id:" + requestId + ";";
    return id + request + "ts:" + timestamp + ";";
  }

  private static String hmac(String secret, String manifest) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(manifest.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
