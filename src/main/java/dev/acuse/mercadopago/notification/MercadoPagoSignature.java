package dev.acuse.mercadopago.notification;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies {@code x-signature} (MercadoPago, Webhooks page): HMAC-SHA256, keyed with the secret as
 * text, over {@code id:<data.id of the query>;request-id:<x-request-id>;ts:<ts>;}. A part that is
 * absent or blank is left out of it altogether; neither the body nor the topic is signed.
 *
 * <p>Thread-safe. The reasons are for logs and metrics; a sender is told none.
 */
public final class MercadoPagoSignature {
  private static final String ALGORITHM = "HmacSHA256";

  /** Beyond this a time stamp is in milliseconds: in seconds it would be the year 5138. */
  private static final long FIRST_MILLIS = 100_000_000_000L;

  private static final int MAX_PART_LENGTH = 256;
  private static final Pattern ALPHANUMERIC = Pattern.compile("[A-Za-z0-9]+");

  /**
   * What may stand in the manifest. With {@code ;} or {@code :} in a part, one manifest could be
   * read in two ways: a sender who holds a genuine signature over {@code id:1;request-id:a;} could
   * present it again as the id {@code 1;request-id:a} with no request id at all. MercadoPago sends
   * numbers, ULIDs and UUIDs, so nothing genuine is lost by refusing.
   */
  private static final Pattern PART = Pattern.compile("[\\x21-\\x7e&&[^:;]]+");

  private final List<SecretKeySpec> keys;
  private final Duration tolerance;
  private final InstantSource clock;

  /** How a verification ended. */
  public enum Verdict {
    /** Signed by one of the secrets, and within the tolerance. */
    VALID,
    /** There is no such header, or a blank one. */
    MISSING,
    /** The header, or a part of what is signed, has not the agreed form. */
    MALFORMED,
    /** Something that must be there once is there twice. */
    AMBIGUOUS,
    /** No secret gives this signature. */
    MISMATCH,
    /** The signature matches, but is older or newer than the tolerance allows. */
    EXPIRED
  }

  /**
   * How a verification ended.
   *
   * @param secret which of the secrets matched, from 0; -1 if none
   * @param signedAt when MercadoPago says it signed; null unless the signature matches
   */
  public record Result(Verdict verdict, int secret, @Nullable Instant signedAt) {
    /** Whether it is genuine. */
    public boolean valid() {
      return verdict == Verdict.VALID;
    }
  }

  /**
   * @param secrets all that may be in use, the newest first (a secret is rotated without a gap)
   * @param tolerance how far the time of signing may be from now, either way; zero for no limit
   */
  public MercadoPagoSignature(List<String> secrets, Duration tolerance, InstantSource clock) {
    this.keys = secrets.stream().map(MercadoPagoSignature::key).toList();
    this.tolerance = tolerance;
    this.clock = clock;
  }

  /**
   * Verifies one delivery.
   *
   * @param signatures the values of all {@code x-signature} headers
   * @param requestIds the values of all {@code x-request-id} headers
   * @param dataId the query's {@code data.id}, decoded once; null or blank if there is none
   */
  public Result verify(List<String> signatures, List<String> requestIds, @Nullable String dataId) {
    SignatureHeader header = SignatureHeader.of(signatures);
    if (header.flaw() != null) {
      return failed(header.flaw());
    }
    if (requestIds.size() > 1) {
      return failed(Verdict.AMBIGUOUS);
    }
    String requestId = requestIds.isEmpty() ? "" : requestIds.get(0).strip();
    String id = dataId == null ? "" : dataId.strip();
    if (!fits(id) || !fits(requestId)) {
      return failed(Verdict.MALFORMED);
    }
    byte[] signature = HexFormat.of().parseHex(header.v1());
    int secret = match(manifest(id, requestId, header.ts()), signature);
    // Orders' ids: one page says MercadoPago lower-cases them before signing, its SDKs say it does
    // not. Taking both lets a sender change the case of a signed id, and look-up decides what it
    // is.
    if (secret < 0 && ALPHANUMERIC.matcher(id).matches()) {
      secret = match(manifest(id.toLowerCase(Locale.ROOT), requestId, header.ts()), signature);
    }
    return secret < 0 ? failed(Verdict.MISMATCH) : matched(secret, header.ts());
  }

  /**
   * The {@code v1} of a notification with all three parts.
   *
   * @param secret as text
   */
  static String sign(String secret, String dataId, String requestId, String ts) {
    return HexFormat.of().formatHex(hmac(key(secret), manifest(dataId, requestId, ts)));
  }

  private static SecretKeySpec key(String secret) {
    return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  private static boolean fits(String part) {
    return part.isEmpty() || (part.length() <= MAX_PART_LENGTH && PART.matcher(part).matches());
  }

  /** {@code ts} goes in exactly as sent, whatever its unit. */
  private static byte[] manifest(String id, String requestId, String ts) {
    var manifest = new StringBuilder();
    if (!id.isEmpty()) {
      manifest.append("id:").append(id).append(';');
    }
    if (!requestId.isEmpty()) {
      manifest.append("request-id:").append(requestId).append(';');
    }
    return manifest
        .append("ts:")
        .append(ts)
        .append(';')
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The index of the first secret that gives the signature; -1 if none does. */
  private int match(byte[] manifest, byte[] signature) {
    for (int i = 0; i < keys.size(); i++) {
      if (MessageDigest.isEqual(hmac(keys.get(i), manifest), signature)) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] hmac(SecretKeySpec key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private Result matched(int secret, String ts) {
    long number = Long.parseLong(ts);
    Instant signedAt =
        number >= FIRST_MILLIS ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number);
    boolean expired =
        !tolerance.isZero()
            && Duration.between(signedAt, clock.instant()).abs().compareTo(tolerance) > 0;
    return new Result(expired ? Verdict.EXPIRED : Verdict.VALID, secret, signedAt);
  }

  private static Result failed(Verdict verdict) {
    return new Result(verdict, -1, null);
  }
}
