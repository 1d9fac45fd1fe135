package dev.acuse.mercadopago.notification;

import dev.acuse.intake.Delivery;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a delivery what may be a token before anything of it is kept. Older IPN names its
 * {@code resource} by a URL with an {@code access_token}, and a merchant may have put one into the
 * address. All else stays to the byte. The same delivery always comes out the same, and what was
 * redacted once is not changed any more, so that its key stays the same. Pure.
 */
final class Redaction {
  private static final String HIDDEN = "***";

  /** Where a URL stands; the rest of the text is read by hand, because it may be long. */
  private static final Pattern RESOURCE =
      Pattern.compile("\"resource\"\\s*+:\\s*+\"", Pattern.CASE_INSENSITIVE);

  /** What ends a URL's path, also as JSON may escape it. */
  private static final Pattern PATH_END = Pattern.compile("[?#;]|\\\\u00(?:3[fFbB]|23)");

  /** Before the host; JSON may escape each of the two. */
  private static final Pattern SLASHES = Pattern.compile("\\\\?/\\\\?/");

  private static final String NAMES =
      "[a-zA-Z0-9_.-]{0,40}(?:token|secret|password|passwd|pwd|key|auth|authorization|signature"
          + "|credential)";

  /** A parameter with such a name, in a query or in a URL of a body, encoded again or not. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "((?:^|[?&#;\"\\s]|%3F|%26|%23|\\\\u0026|\\\\u003f)(?:"
              + NAMES
              + ")(?:=|%3D|\\\\u003d))([^&#\\s\"\\\\;]++)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern FIELD =
      Pattern.compile(
          "(\"(?:access_token|refresh_token|client_secret|authorization)\"\\s*+:\\s*+\")([^\"]++)",
          Pattern.CASE_INSENSITIVE);

  /** A token of MercadoPago's, wherever it stands (its pages on credentials and OAuth). */
  private static final Pattern TOKEN =
      Pattern.compile("((?:APP_USR|TEST|TG)(?:-|%2D|\\\\u002d))[0-9a-zA-Z][0-9a-zA-Z_%-]{15,}+");

  private Redaction() {}

  /** The delivery without tokens; the same object if it holds none. */
  static Delivery of(Delivery delivery) {
    byte[] body = body(delivery.body());
    String query = query(delivery.queryString());
    return Arrays.equals(body, delivery.body()) && Objects.equals(query, delivery.queryString())
        ? delivery
        : new Delivery(body, query, delivery.headers(), delivery.account());
  }

  private static byte[] body(byte[] sent) {
    Charset charset = charset(sent);
    String text = new String(sent, charset);
    String redacted = hidden(withoutQueries(text), FIELD);
    return redacted.equals(text) ? sent : redacted.getBytes(charset);
  }

  private static @Nullable String query(@Nullable String sent) {
    return sent == null ? null : hidden(sent, null);
  }

  private static String hidden(String text, @Nullable Pattern also) {
    String redacted = PARAMETER.matcher(text).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
    if (also != null) {
      redacted = also.matcher(redacted).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
    }
    return TOKEN.matcher(redacted).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
  }

  /** Each resource ends where its path does: what follows is of no use to us. */
  private static String withoutQueries(String text) {
    Matcher resource = RESOURCE.matcher(text);
    StringBuilder redacted = new StringBuilder(text.length());
    int copied = 0;
    while (resource.find(copied)) {
      int begin = resource.end();
      int end = endOfText(text, begin);
      String url = text.substring(begin, end);
      Matcher pathEnd = PATH_END.matcher(url);
      String path = pathEnd.find() ? url.substring(0, pathEnd.start()) : url;
      redacted.append(text, copied, begin).append(withoutUser(path));
      copied = end;
    }
    return copied == 0 ? text : redacted.append(text, copied, text.length()).toString();
  }

  /** What stands before the host, as in {@code https://user:password@host}. */
  private static String withoutUser(String url) {
    Matcher slashes = SLASHES.matcher(url);
    if (!slashes.find()) {
      return url;
    }
    int begin = slashes.end();
    int end = begin;
    while (end < url.length() && url.charAt(end) != '/' && url.charAt(end) != '\\') {
      end++;
    }
    int at = url.lastIndexOf('@', end - 1);
    return at < begin ? url : url.substring(0, begin) + url.substring(at + 1);
  }

  /** Where a text of JSON ends: at its closing quote, or with a body that is cut. */
  private static int endOfText(String json, int begin) {
    int at = begin;
    while (at < json.length() && json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at, json.length());
  }

  /** One in which every byte is kept: JSON may be UTF-16 too. */
  private static Charset charset(byte[] sent) {
    if (sent.length >= 2 && sent.length % 2 == 0) {
      Charset wide =
          sent[1] == 0 || (sent[0] == (byte) 0xff && sent[1] == (byte) 0xfe)
              ? StandardCharsets.UTF_16LE
              : StandardCharsets.UTF_16BE;
      boolean isWide = sent[0] == 0 || sent[1] == 0 || (sent[0] & 0xfe) == 0xfe;
      if (isWide && Arrays.equals(new String(sent, wide).getBytes(wide), sent)) {
        return wide;
      }
    }
    return StandardCharsets.ISO_8859_1;
  }
}
