package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chargeback, as it is at a moment: a card's owner wants money back. Immutable.
 *
 * @param id 18 digits, more than a JavaScript number holds
 * @param payments ids in the Payments API; there may be several
 * @param amount in units of the currency
 * @param currency ISO 4217
 * @param coverage whether it was decided for the seller; null until it is decided
 * @param documentationStatus {@code pending}, {@code review_pending}, {@code valid}, {@code
 *     invalid}, {@code not_supplied} or {@code not_applicable}
 * @param deadline until when the seller may send documents; null if none are wanted
 */
public record SandboxChargeback(
    String id,
    List<Long> payments,
    BigDecimal amount,
    String currency,
    @Nullable Boolean coverage,
    String documentationStatus,
    @Nullable Instant deadline,
    Instant created,
    Instant lastUpdated,
    Set<Trait> traits) {
  /** What sources say differently about its answer: each can be had. */
  public enum Trait {
    /** {@code payments} holds objects with an {@code id}, not ids. */
    PAYMENTS_AS_OBJECTS,
    /** {@code amount} is a text, not a number. */
    AMOUNT_AS_TEXT,
    /** {@code coverage_applied} is a text. */
    COVERAGE_AS_TEXT,
    /** Another spelling of a field's name. */
    COVERAGE_ELIGIBLE;

    /** The trait of this name in lower case; empty for an unknown one. */
    public static Optional<Trait> of(String name) {
      return Arrays.stream(values())
          .filter(trait -> trait.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst();
    }
  }

  public SandboxChargeback {
    payments = List.copyOf(payments);
    traits = Set.copyOf(traits);
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
