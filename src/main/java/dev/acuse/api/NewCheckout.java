package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.payment.CheckoutRequest;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The body of a request to register a checkout. Any field may be missing: this is from outside. */
@JsonNaming(SnakeCaseStrategy.class)
record NewCheckout(
    @Nullable String externalReference,
    @Nullable String contactId,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable String title,
    @Nullable String payerEmail,
    @Nullable String account) {

  CheckoutRequest toRequest() {
    return new CheckoutRequest(
        required("external_reference", externalReference),
        required("contact_id", contactId),
        required("amount", amount),
        required("currency", currency),
        required("title", title),
        payerEmail);
  }

  private static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw ProblemException.of(ProblemCode.INVALID_BODY, "The field '" + field + "' is missing.");
    }
    return value;
  }
}
