package dev.acuse.intake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one parameter of a query as it was sent, whatever else is in the query: the address to
 * which a provider sends is the merchant's, with parameters of the merchant's own, and with escapes
 * that are none. Pure.
 */
final class QueryParameter {
  /** More values than this are of no sender; each further one is left out. */
  private static final int MOST_VALUES = 100;

  private QueryParameter() {}

  /**
   * The values of a parameter that are not blank, decoded once and stripped, in the order sent.
   *
   * @param query still encoded; null if there is none
   * @param name of the parameter, decoded
   */
  static List<String> values(@Nullable String query, String name) {
    List<String> values = new ArrayList<>();
    int begin = 0;
    while (query != null && begin <= query.length() && values.size() < MOST_VALUES) {
      int end = query.indexOf('&', begin);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', begin);
      if (equals >= 0 && equals < end && decode(query, begin, equals).equals(name)) {
        String value = decode(query, equals + 1, end).strip();
        if (!value.isEmpty()) {
          values.add(value);
        }
      }
      begin = end + 1;
    }
    return values;
  }

  /**
   * A percent sign that begins no escape stands for itself, and bytes that are no UTF-8 for U+FFFD.
   */
  private static String decode(String text, int begin, int end) {
    String part = text.substring(begin, end);
    if (part.indexOf('%') < 0 && part.indexOf('+') < 0) {
      return part;
    }
    var bytes = new ByteArrayOutputStream(part.length());
    byte[] sent = part.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < sent.length; i++) {
      int escaped = sent[i] == '%' && i + 2 < sent.length ? octet(sent[i + 1], sent[i + 2]) : -1;
      if (escaped >= 0) {
        bytes.write(escaped);
        i += 2;
      } else {
        bytes.write(sent[i] == '+' ? ' ' : sent[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** What two hexadecimal digits stand for; -1 if they are none. */
  private static int octet(byte high, byte low) {
    int first = Character.digit(high, 16);
    int second = Character.digit(low, 16);
    return first < 0 || second < 0 ? -1 : 16 * first + second;
  }
}
