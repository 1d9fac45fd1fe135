package dev.acuse.mercadopago;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The account of an access token.
 *
 * @param id which payments to it carry as their collector
 * @param site the country's, as MLA for Argentina; blank if it is not said
 * @param isTestUser whether it is one of MercadoPago's test users
 * @param date the header of the answer; null if there was none
 */
public record MercadoPagoAccount(
    String id, String site, boolean isTestUser, @Nullable String date) {

  /** MercadoPago's time when it answered, in whole seconds; empty if it did not say. */
  public Optional<Instant> answeredAt() {
    try {
      return date == null
          ? Optional.empty()
          : Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
