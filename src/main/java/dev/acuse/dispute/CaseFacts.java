package dev.acuse.dispute;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a case came to.
 *
 * @param mpId MercadoPago's id of the case; of a fraud alert that of the payment
 * @param details null if the case could not be read
 * @param verdict what the case itself says; null if it does not tell
 * @param problem why it could not be read, a word of {@link CaseProblem}; null if it was
 * @param payments that it names, or that its notification has named
 */
public record CaseFacts(
    DisputeKind kind,
    String mpId,
    @Nullable CaseDetails details,
    @Nullable DisputeState verdict,
    @Nullable String problem,
    List<PaymentSeen> payments) {
  public CaseFacts {
    payments = List.copyOf(payments);
  }

  /** One that was read. */
  public static CaseFacts read(
      DisputeKind kind,
      String mpId,
      CaseDetails details,
      @Nullable DisputeState verdict,
      List<PaymentSeen> payments) {
    return new CaseFacts(kind, mpId, details, verdict, null, payments);
  }

  /** One that could not be read. */
  public static CaseFacts unread(
      DisputeKind kind, String mpId, String problem, List<PaymentSeen> payments) {
    return new CaseFacts(kind, mpId, null, null, problem, payments);
  }

  /** A fraud alert: its payment is all that it names. */
  public static CaseFacts fraudAlert(PaymentSeen payment, @Nullable String problem) {
    return new CaseFacts(
        DisputeKind.FRAUD_ALERT,
        payment.mpPaymentId(),
        CaseDetails.NONE,
        null,
        problem,
        List.of(payment));
  }

  /** Whether another look at the case is older than this one, as far as MercadoPago says. */
  boolean isOlderThan(CaseDetails stored) {
    return details != null
        && details.mpUpdatedAt() != null
        && stored.mpUpdatedAt() != null
        && Objects.requireNonNull(details.mpUpdatedAt()).isBefore(stored.mpUpdatedAt());
  }
}
