package dev.acuse.payment.state;

import dev.acuse.text.ExternalId;
import dev.acuse.text.Text;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot whose values fit our columns, and the exact values by which its checkout is looked
 * for.
 *
 * <p>Text is cut to the column. An identity (contact, e-mail) that does not fit is dropped, since a
 * piece of it would be somebody else's. An amount that {@code NUMERIC(19,4)} cannot hold exactly is
 * dropped, never rounded: once the payment is linked, an unknown amount does not fit the checkout
 * and flags it.
 *
 * @param values fit the columns; {@code externalReference} is the metadata's where the payment has
 *     none, so that a checkout registered later finds the payment by either
 * @param reference the payment's external reference; null if no checkout can have it
 * @param metadataReference the metadata's; null if no checkout can have it
 * @param preferenceId null if no checkout can have it
 */
public record FittedSnapshot(
    PaymentSnapshot values,
    @Nullable String reference,
    @Nullable String metadataReference,
    @Nullable String preferenceId) {
  /** The decimals that the columns of amounts have. */
  public static final int MONEY_SCALE = 4;

  static final int MONEY_INTEGER_DIGITS = 15;

  // PostgreSQL's timestamps end long before Java's instants do.
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /**
   * Makes what MercadoPago says fit the columns.
   *
   * @throws IllegalArgumentException if the payment's id is none
   */
  public static FittedSnapshot of(PaymentSnapshot snapshot) {
    if (Text.exact(snapshot.mpPaymentId(), 64) == null) {
      throw new IllegalArgumentException("a payment's id has 1 to 64 characters");
    }
    String status = Text.fit(snapshot.status(), 64);
    String reference = Text.fit(snapshot.externalReference(), 256);
    var values =
        new PaymentSnapshot(
            snapshot.mpPaymentId(),
            status == null ? "unknown" : status,
            Text.fit(snapshot.statusDetail(), 128),
            money(snapshot.amount()),
            money(snapshot.amountRefunded()),
            Text.fit(snapshot.currency(), 8),
            Text.fit(snapshot.collectorId(), 64),
            reference == null ? Text.fit(snapshot.metadataReference(), 256) : reference,
            Text.fit(snapshot.metadataReference(), 256),
            Text.fit(snapshot.preferenceId(), 128),
            ExternalId.orNull(snapshot.contactId()),
            Text.exact(snapshot.payerEmail(), 254),
            time(snapshot.mpUpdatedAt()),
            time(snapshot.approvedAt()),
            snapshot.details().fitted());
    return new FittedSnapshot(
        values,
        Text.exact(snapshot.externalReference(), 256),
        Text.exact(snapshot.metadataReference(), 256),
        Text.exact(snapshot.preferenceId(), 128));
  }

  static @Nullable BigDecimal money(@Nullable BigDecimal amount) {
    return amount == null || !isMoney(amount) ? null : amount.setScale(MONEY_SCALE);
  }

  /** Whether {@code NUMERIC(19,4)} holds the amount exactly. Cheap for 1e400000 too. */
  public static boolean isMoney(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() <= MONEY_SCALE
        && (long) stripped.precision() - stripped.scale() <= MONEY_INTEGER_DIGITS;
  }

  /** What comes back from a column must be equal to what went in. */
  static @Nullable Instant time(@Nullable Instant time) {
    return time == null || time.isBefore(EARLIEST) || time.isAfter(LATEST)
        ? null
        : time.truncatedTo(ChronoUnit.MICROS);
  }
}
