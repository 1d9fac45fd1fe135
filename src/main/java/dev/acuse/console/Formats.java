package dev.acuse.console;

import dev.acuse.payment.state.Payment;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/** How values are written on a page; in templates {@code format.utc(…)}. */
public final class Formats {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private final Messages messages;
  private final Instant now;

  Formats(Messages messages, Instant now) {
    this.messages = messages;
    this.now = now;
  }

  /** The server's time, in milliseconds since 1970: a browser's clock may be wrong. */
  public long now() {
    return now.toEpochMilli();
  }

  /** A time to the second, in UTC; the page's script turns it into the viewer's zone. */
  public String utc(Instant time) {
    return UTC.format(time) + " UTC";
  }

  /** How long ago, in the largest unit that fits; never below zero. */
  public String ago(Instant time) {
    return messages.text("time.ago", span(Duration.between(time, now)));
  }

  /** How long until then; {@code now} if it is past. */
  public String until(Instant time) {
    Duration left = Duration.between(now, time);
    return left.isNegative() || left.isZero()
        ? messages.text("time.now")
        : messages.text("time.in", span(left));
  }

  /** Whether a time is over. */
  public boolean isPast(Instant time) {
    return time.isBefore(now);
  }

  /** A duration in the largest unit that fits. */
  public String span(Duration duration) {
    return inLargestUnit(duration);
  }

  /** The same without a page. */
  static String inLargestUnit(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 2 * 86400 ? seconds / 3600 + " h" : seconds / 86400 + " d";
  }

  /** Milliseconds as a person reads them. */
  public String millis(long millis) {
    return millis < 1000 ? millis + " ms" : number(BigDecimal.valueOf(millis, 3)) + " s";
  }

  /** The milliseconds between two times. */
  public long between(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis());
  }

  /** A number with the language's separators. */
  public String number(Number number) {
    return NumberFormat.getInstance(messages.locale()).format(number);
  }

  /** An amount with as many decimals as its currency has, followed by its code. */
  public String money(@Nullable BigDecimal amount, @Nullable String currency) {
    if (amount == null) {
      return "–";
    }
    NumberFormat format = NumberFormat.getInstance(messages.locale());
    int digits = digits(currency);
    format.setMinimumFractionDigits(digits);
    format.setMaximumFractionDigits(Math.max(digits, amount.stripTrailingZeros().scale()));
    return format.format(amount) + (currency == null ? "" : " " + currency);
  }

  /** What was paid. */
  public String paid(Payment payment) {
    return money(payment.amount(), payment.currency());
  }

  private static int digits(@Nullable String currency) {
    try {
      return currency == null
          ? 2
          : Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    } catch (IllegalArgumentException e) {
      return 2;
    }
  }

  /** An e-mail address for who may not see it whole. */
  public String masked(String email) {
    int at = email.indexOf('@');
    return at < 1 ? "•••" : email.charAt(0) + "•••" + email.substring(at);
  }

  /** Bytes in the largest unit that fits. */
  public String size(long bytes) {
    return bytes < 1024 ? bytes + " B" : number(BigDecimal.valueOf(bytes * 10 / 1024, 1)) + " KiB";
  }
}
