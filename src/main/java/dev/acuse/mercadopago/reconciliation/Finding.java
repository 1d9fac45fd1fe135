package dev.acuse.mercadopago.reconciliation;

import dev.acuse.payment.Standing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment that MercadoPago has otherwise than we do.
 *
 * @param mpUpdatedAt {@code date_last_updated}; null if absent or unreadable
 * @param standing of our side; never {@link Standing#CURRENT}
 */
record Finding(
    String mpPaymentId, String mpStatus, @Nullable Instant mpUpdatedAt, Standing standing) {}
