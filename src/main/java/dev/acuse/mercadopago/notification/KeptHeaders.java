package dev.acuse.mercadopago.notification;

import dev.acuse.intake.Delivery;
import dev.acuse.text.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of a delivery that are stored. */
final class KeptHeaders {
  private static final List<String> ALLOWED =
      List.of("x-request-id", "user-agent", "content-type", "content-length");

  /** All that an examination reads: what is stored, and the signature. */
  static final List<String> READ =
      List.of("x-request-id", "user-agent", "content-type", "content-length", "x-signature");

  /** Five values of this size fit the column even if JSON escapes every character of them. */
  private static final int MAX_LENGTH = 512;

  private KeptHeaders() {}

  /**
   * By lower-case name. Of {@code x-signature} only the time is kept: with the signature, a reader
   * of the table could replay the delivery.
   */
  static Map<String, String> of(Delivery delivery) {
    var kept = new LinkedHashMap<String, String>();
    for (String name : ALLOWED) {
      put(kept, name, delivery.header(name));
    }
    List<String> signatures = delivery.headers().getOrDefault("x-signature", List.of());
    put(kept, "x-signature-ts", SignatureHeader.of(signatures).ts());
    return kept;
  }

  private static void put(Map<String, String> kept, String name, @Nullable String value) {
    String clean = Text.clean(value, MAX_LENGTH);
    if (clean != null) {
      kept.put(name, clean);
    }
  }
}
