package dev.acuse.access;

import dev.acuse.text.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A key of the API in clear, as its holder has it: {@code ack_} and 256 random bits. */
final class KeySecret {
  private static final String PREFIX = "ack_";
  private static final int BYTES = 32;
  private static final int TAIL = 4;
  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private KeySecret() {}

  /** A new one. */
  static Secret generate() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Secret.of(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** Whether a text has the form of a key. */
  static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /** What is stored of a key: it cannot be guessed, so it needs neither salt nor slowness. */
  static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What people tell keys apart by. */
  static String tail(String key) {
    return key.substring(key.length() - TAIL);
  }
}
