package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * A payment that an order or a dispute names.
 *
 * @param id ours; null if the payment is not here
 * @param mpPaymentId MercadoPago's id
 */
@JsonNaming(SnakeCaseStrategy.class)
public record NamedPayment(@Nullable Long id, String mpPaymentId) {}
