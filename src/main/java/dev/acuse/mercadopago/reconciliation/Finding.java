package dev.acuse.mercadopago.reconciliation;

import dev.acuse.payment.PaymentDrift;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A payment that MercadoPago has otherwise than we do. Public, because JDBI binds what it reads.
 *
 * @param mpUpdatedAt {@code date_last_updated}; null if absent or unreadable
 * @param standing of our side; never {@link PaymentDrift#CURRENT}
 */
public record Finding(
    String mpPaymentId, String mpStatus, @Nullable Instant mpUpdatedAt, PaymentDrift standing) {

  /** The word used in the database. */
  public String kind() {
    return standing.name().toLowerCase(Locale.ROOT);
  }
}
