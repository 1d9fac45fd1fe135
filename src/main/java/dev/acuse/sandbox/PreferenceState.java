package dev.acuse.sandbox;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A preference of the sandbox, and the merchant order that its payments belong to. */
record PreferenceState(
    String id,
    long orderId,
    @Nullable String externalReference,
    @Nullable String contactId,
    BigDecimal amount,
    String currency,
    String title) {}
