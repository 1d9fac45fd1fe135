package dev.acuse.account.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of an instance. The first seals, each opens what it has sealed. AES-256-GCM; a sealed
 * text is {@code v1:<key id>:<nonce>:<text>}, the last two in base64url, and is bound to its {@link
 * SealedPlace}. Immutable and thread-safe; no key can be read from it.
 */
public final class Keyring {
  /** No key. */
  public static final Keyring EMPTY = new Keyring(Map.of());

  /** Of a key, in bytes. */
  public static final int KEY_BYTES = 32;

  private static final String VERSION = "v1";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 4;
  private static final int PARTS = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<String, SecretKey> keys;

  private Keyring(Map<String, SecretKey> keys) {
    this.keys = keys;
  }

  /**
   * Reads keys of 32 bytes in base64, with commas between them.
   *
   * @param text blank for no key
   * @throws IllegalArgumentException if one of them is none, with a sentence that holds no part of
   *     it
   */
  public static Keyring parse(String text) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    int number = 0;
    for (String one : text.strip().split(",", -1)) {
      number++;
      if (!text.isBlank()) {
        byte[] key = decode(one.strip(), number);
        keys.put(idOf(key), new SecretKeySpec(key, "AES"));
      }
    }
    return new Keyring(keys);
  }

  private static byte[] decode(String text, int number) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      // Its message would hold a part of the key.
      key = new byte[0];
    }
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("key " + number + " is not 32 bytes in base64");
    }
    return key;
  }

  /** A new key, as {@link #parse} reads it. */
  static String newKey() {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** The id of the key that has sealed a text; empty if it is none of these texts. */
  public static String idOf(String sealed) {
    String[] parts = sealed.split(":", -1);
    return parts.length == PARTS ? parts[1] : "";
  }

  private static String idOf(byte[] key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether there is no key. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  int size() {
    return keys.size();
  }

  /** These keys, and after them those of the other that are not among them. */
  Keyring and(Keyring other) {
    Map<String, SecretKey> both = new LinkedHashMap<>(keys);
    other.keys.forEach(both::putIfAbsent);
    return new Keyring(both);
  }

  /**
   * Seals a text by the first key.
   *
   * @throws IllegalStateException if there is no key
   */
  public String seal(SealedPlace place, String text) {
    Map.Entry<String, SecretKey> first =
        keys.entrySet().stream()
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("there is no key to seal by"));
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, first.getValue(), nonce, place, first.getKey());
      byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
      return String.join(
          ":",
          VERSION,
          first.getKey(),
          base64.encodeToString(nonce),
          base64.encodeToString(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each Java has AES-GCM", e);
    }
  }

  /**
   * Opens a sealed text.
   *
   * @return empty if no key of these opens it at this place, or it is none
   */
  public Optional<String> open(SealedPlace place, String sealed) {
    List<String> parts = new ArrayList<>(List.of(sealed.split(":", -1)));
    if (parts.size() != PARTS || !parts.get(0).equals(VERSION)) {
      return Optional.empty();
    }
    SecretKey key = keys.get(parts.get(1));
    if (key == null) {
      return Optional.empty();
    }
    try {
      byte[] nonce = Base64.getUrlDecoder().decode(parts.get(2));
      byte[] text = Base64.getUrlDecoder().decode(parts.get(3));
      if (nonce.length != NONCE_BYTES) {
        return Optional.empty();
      }
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, place, parts.get(1));
      return Optional.of(new String(cipher.doFinal(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each Java has AES-GCM", e);
    }
  }

  /** Whether a text was sealed by the first key. */
  public boolean isOfFirst(String sealed) {
    return keys.keySet().stream()
        .findFirst()
        .map(id -> sealed.startsWith(VERSION + ":" + id + ":"))
        .orElse(false);
  }

  private static Cipher cipher(
      int mode, SecretKey key, byte[] nonce, SealedPlace place, String keyId)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((VERSION + "\n" + keyId + "\n").getBytes(StandardCharsets.UTF_8));
    cipher.updateAAD(place.bound());
    return cipher;
  }

  /** Says no more than how many there are. */
  @Override
  public String toString() {
    return keys.size() + " keys";
  }
}
