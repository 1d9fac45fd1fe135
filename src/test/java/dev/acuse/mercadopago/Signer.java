package dev.acuse.mercadopago;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs manifests that are written out by hand, so that tests share no code with what they test.
 */
public final class Signer {
  public static final String SECRET = "d2h-test-secret-0123456789abcdef";

  private Signer() {}

  public static String v1(String secret, String manifest) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] hash = mac.doFinal(manifest.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static String header(String secret, String ts, String manifest) {
    return "ts=" + ts + ",v1=" + v1(secret, manifest);
  }
}
