package dev.acuse.mercadopago.notification;

import dev.acuse.mercadopago.notification.MercadoPagoSignature.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code x-signature: ts=…,v1=…}, read strictly and in linear time.
 *
 * @param flaw why it can't be used; null if it can
 * @param ts the digits as sent; empty if there is a flaw
 * @param v1 64 hexadecimal digits, in either case; empty if there is a flaw
 */
record SignatureHeader(@Nullable Verdict flaw, String ts, String v1) {
  private static final int MAX_LENGTH = 512;
  // [0-9] and not \d or Character.isDigit: other scripts' digits are none of MercadoPago's
  private static final Pattern TS = Pattern.compile("[0-9]{10,13}");
  private static final Pattern V1 = Pattern.compile("[0-9a-fA-F]{64}");

  /**
   * @param values of all headers of that name
   */
  static SignatureHeader of(List<String> values) {
    if (values.size() > 1) {
      return flawed(Verdict.AMBIGUOUS);
    }
    if (values.isEmpty() || values.get(0).isBlank()) {
      return flawed(Verdict.MISSING);
    }
    String header = values.get(0);
    return header.length() > MAX_LENGTH ? flawed(Verdict.MALFORMED) : parse(header);
  }

  /** Keys may come in any order and case; unknown ones may be a later version's (SDK of Java). */
  private static SignatureHeader parse(String header) {
    String ts = null;
    String v1 = null;
    for (String part : header.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? "" : part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
      String value = part.substring(equals + 1).strip();
      if (key.equals("ts")) {
        if (ts != null) {
          return flawed(Verdict.AMBIGUOUS);
        }
        ts = value;
      } else if (key.equals("v1")) {
        if (v1 != null) {
          return flawed(Verdict.AMBIGUOUS);
        }
        v1 = value;
      }
    }
    if (ts == null || v1 == null || !TS.matcher(ts).matches() || !V1.matcher(v1).matches()) {
      return flawed(Verdict.MALFORMED);
    }
    return new SignatureHeader(null, ts, v1);
  }

  private static SignatureHeader flawed(Verdict flaw) {
    return new SignatureHeader(flaw, "", "");
  }
}
