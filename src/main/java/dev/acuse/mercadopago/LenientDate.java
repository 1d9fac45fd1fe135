package dev.acuse.mercadopago;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dates of MercadoPago's API: ISO 8601, extended or basic, with up to nine digits of a
 * second or none, and always with an offset (its Java SDK, {@code Serializer} and its test data).
 */
final class LenientDate {
  private static final List<DateTimeFormatter> FORMATS = List.of(format("-", ":"), format("", ""));

  private LenientDate() {}

  /** The instant; null if the text is no date with an offset. */
  static @Nullable Instant parse(String text) {
    for (DateTimeFormatter format : FORMATS) {
      try {
        return format.parse(text, Instant::from);
      } catch (DateTimeException e) {
        // the next one may fit
      }
    }
    return null;
  }

  private static DateTimeFormatter format(String dateSeparator, String timeSeparator) {
    // four digits of a year, no more: beyond it no database of ours keeps the instant
    return new DateTimeFormatterBuilder()
        .appendValue(ChronoField.YEAR, 4)
        .appendLiteral(dateSeparator)
        .appendValue(ChronoField.MONTH_OF_YEAR, 2)
        .appendLiteral(dateSeparator)
        .appendValue(ChronoField.DAY_OF_MONTH, 2)
        .appendLiteral('T')
        .appendValue(ChronoField.HOUR_OF_DAY, 2)
        .appendLiteral(timeSeparator)
        .appendValue(ChronoField.MINUTE_OF_HOUR, 2)
        .appendLiteral(timeSeparator)
        .appendValue(ChronoField.SECOND_OF_MINUTE, 2)
        .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
        .appendPattern("[XXX][XX][X]")
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }
}
