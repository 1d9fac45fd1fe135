package dev.acuse.sandbox.mercadopago;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates as MercadoPago writes and reads them. */
final class MercadoPagoDates {
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
          .withZone(ZoneOffset.ofHours(-4));

  /** Milliseconds and an offset are a must, or the answer is error 1001. */
  private static final DateTimeFormatter READ =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS[XXX][XX]", Locale.ROOT);

  /** Used by several plug-ins, documented nowhere. */
  private static final Pattern MACRO = Pattern.compile("NOW(?:-(\\d{1,4})DAYS)?");

  private MercadoPagoDates() {}

  /** With the offset -04:00; null for none. */
  static @Nullable String write(@Nullable Instant instant) {
    return instant == null ? null : WRITTEN.format(instant);
  }

  /**
   * A date of a query, or one of the macros {@code NOW} and {@code NOW-30DAYS}.
   *
   * @throws DateTimeParseException if it is neither
   */
  static Instant read(String text, InstantSource clock) {
    Matcher macro = MACRO.matcher(text);
    if (macro.matches()) {
      String days = macro.group(1);
      return clock.instant().minus(Duration.ofDays(days == null ? 0 : Long.parseLong(days)));
    }
    return READ.parse(text, Instant::from);
  }
}
