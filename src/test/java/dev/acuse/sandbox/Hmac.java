package dev.acuse.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** MercadoPago's signature of a webhook that was received, computed apart from what signs. */
public final class Hmac {
  private Hmac() {}

  /** Whether this secret signed the webhook. */
  public static boolean fits(Request webhook, String secret) throws Exception {
    String header = Objects.requireNonNull(webhook.header("x-signature"));
    assertThat(header).matches("ts=\\d+,v1=[0-9a-f]{64}");
    String timestamp = header.substring(3, header.indexOf(','));
    String manifest =
        "id:%s;request-id:%s;ts:%s;"
            .formatted(webhook.query().get("data.id"), webhook.header("x-request-id"), timestamp);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] hash = mac.doFinal(manifest.getBytes(StandardCharsets.UTF_8));
    return header.endsWith(",v1=" + HexFormat.of().formatHex(hash));
  }
}
