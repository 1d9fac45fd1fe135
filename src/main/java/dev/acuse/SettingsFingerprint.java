package dev.acuse;

import dev.acuse.text.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two instances have the same tokens and call the same accounts, without a way back
 * to these: all settings go into one derivation of a key, which is slow, and of which a part is
 * left out. So no setting can be tried by itself, and trying all of them together takes long.
 */
final class SettingsFingerprint {
  private static final int ROUNDS = 100_000;
  private static final int BITS = 64;
  private static final byte[] SALT = "acuse settings 1".getBytes(StandardCharsets.UTF_8);

  private SettingsFingerprint() {}

  /** Takes some tens of milliseconds. */
  static String of(AcuseConfiguration config) {
    var all = new StringBuilder();
    add(all, config.mercadoPago().baseUrl());
    add(all, config.mercadoPago().accessToken());
    add(all, config.mercadoPago().collectorId());
    List<Secret> secrets = config.mercadoPago().credentials().webhookSecrets();
    secrets.forEach(secret -> add(all, secret));
    add(all, config.goHighLevel().baseUrl());
    add(all, config.goHighLevel().token());
    add(all, config.goHighLevel().locationId());
    return derive(all.toString());
  }

  private static void add(StringBuilder all, Secret secret) {
    add(all, secret.revealOrNull());
  }

  /** With its length, so that no two lists of settings are the same text. */
  private static void add(StringBuilder all, @Nullable String setting) {
    String text = setting == null ? "" : setting;
    all.append(text.length()).append(':').append(text);
  }

  private static String derive(String text) {
    var spec = new PBEKeySpec(text.toCharArray(), SALT, ROUNDS, BITS);
    try {
      var factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
      return HexFormat.of().formatHex(factory.generateSecret(spec).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each Java has this function", e);
    } finally {
      spec.clearPassword();
    }
  }
}
