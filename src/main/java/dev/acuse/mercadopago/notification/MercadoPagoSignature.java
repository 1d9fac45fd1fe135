package dev.acuse.mercadopago.notification;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
    Claim claim = claim(signatures, requestIds, dataId);
    for (int i = 0; i < keys.size(); i++) {
      if (claim.isSignedWith(keys.get(i))) {
        return matched(i, claim);
      }
    }
    return claim.failed();
  }

  /** What a header says of one id, ready to be held against secrets. Not thread-safe. */
  static final class Claim {
    private final @Nullable Verdict flaw;
    private final List<byte[]> manifests;
    private final byte[] signature;
    private final String ts;
    private @Nullable Mac mac;

    private Claim(@Nullable Verdict flaw, List<byte[]> manifests, byte[] signature, String ts) {
      this.flaw = flaw;
      this.manifests = manifests;
      this.signature = signature;
      this.ts = ts;
    }

    private static Claim flawed(Verdict flaw) {
      return new Claim(flaw, List.of(), new byte[0], "");
    }

    /** Whether it can be held against secrets at all. */
    boolean isWhole() {
      return flaw == null;
    }

    /** Whether this secret gives the signature. */
    boolean isSignedWith(SecretKeySpec key) {
      for (byte[] manifest : manifests) {
        if (MessageDigest.isEqual(hmac(key, manifest), signature)) {
          return true;
        }
      }
      return false;
    }

    private byte[] hmac(SecretKeySpec key, byte[] message) {
      try {
        Mac known = mac;
        if (known == null) {
          known = Mac.getInstance(ALGORITHM);
          mac = known;
        }
        known.init(key);
        return known.doFinal(message);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has HmacSHA256", e);
      }
    }

    /** The signature itself, however it was written: of one request it is always the same. */
    String name() {
      return HexFormat.of().formatHex(signature);
    }

    /** How it ends if no secret gives the signature. */
    Result failed() {
      return new Result(flaw == null ? Verdict.MISMATCH : flaw, -1, null);
    }
  }

  /** Reads what {@link #verify} verifies, and holds it against no secret yet. */
  static Claim claim(List<String> signatures, List<String> requestIds, @Nullable String dataId) {
    SignatureHeader header = SignatureHeader.of(signatures);
    if (header.flaw() != null) {
      return Claim.flawed(header.flaw());
    }
    if (requestIds.size() > 1) {
      return Claim.flawed(Verdict.AMBIGUOUS);
    }
    String requestId = requestIds.isEmpty() ? "" : requestIds.get(0).strip();
    String id = dataId == null ? "" : dataId.strip();
    if (!fits(id) || !fits(requestId)) {
      return Claim.flawed(Verdict.MALFORMED);
    }
    List<byte[]> manifests = new ArrayList<>();
    manifests.add(manifest(id, requestId, header.ts()));
    // Orders' ids: one page says MercadoPago lower-cases them before signing, its SDKs say it does
    // not. Taking both lets a sender change the case of a signed id, and look-up decides what it
    // is.
    String lower = id.toLowerCase(Locale.ROOT);
    if (!lower.equals(id) && ALPHANUMERIC.matcher(id).matches()) {
      manifests.add(manifest(lower, requestId, header.ts()));
    }
    return new Claim(null, manifests, HexFormat.of().parseHex(header.v1()), header.ts());
  }

  /**
   * The {@code v1} of a notification with all three parts.
   *
   * @param secret as text
   */
  static String sign(String secret, String dataId, String requestId, String ts) {
    return HexFormat.of().formatHex(hmac(key(secret), manifest(dataId, requestId, ts)));
  }

  /** A secret as it signs. */
  static SecretKeySpec key(String secret) {
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

  private static byte[] hmac(SecretKeySpec key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /**
   * How it ends with a secret that gives the signature.
   *
   * @param secret its number, from 0
   */
  Result matched(int secret, Claim claim) {
    long number = Long.parseLong(claim.ts);
    Instant signedAt =
        number >= FIRST_MILLIS ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number);
    boolean expired =
        !tolerance.isZero()
            && Duration.between(signedAt, clock.instant()).abs().compareTo(tolerance) > 0;
    return new Result(expired ? Verdict.EXPIRED : Verdict.VALID, secret, signedAt);
  }
}
