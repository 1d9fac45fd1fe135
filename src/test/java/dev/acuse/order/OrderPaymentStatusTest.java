package dev.acuse.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What MercadoPago's words for an order mean. */
class OrderPaymentStatusTest {
  @ParameterizedTest
  @CsvSource({
    "created, created, PENDING",
    "at_terminal, , PENDING",
    "processing, in_process, PENDING",
    "processing, waiting_retry, PENDING",
    "action_required, waiting_transfer, PENDING",
    "action_required, pending_challenge, PENDING",
    "action_required, waiting_capture, AUTHORIZED",
    "in_review, , PENDING",
    "processed, accredited, APPROVED",
    "processed, partially_refunded, APPROVED",
    "processed, refunded, REFUNDED",
    "processed, processed, UNKNOWN",
    "processed, , UNKNOWN",
    "refunded, refunded, REFUNDED",
    "failed, high_risk, REJECTED",
    "canceled, expired, CANCELLED",
    "canceled, canceled_on_terminal, CANCELLED",
    "expired, expired, CANCELLED",
    "charged_back, settled, CHARGED_BACK",
    "in_mediation, , IN_MEDIATION",
    "closed, paid, UNKNOWN",
    "Processed, accredited, UNKNOWN",
  })
  void theWordsOfAnOrderAreWordsOfAPayment(
      String status, @Nullable String detail, OrderPaymentStatus expected) {
    assertThat(OrderPaymentStatus.of(status, detail)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void itsCodeIsReadBackAndFitsItsColumn(OrderPaymentStatus status) {
    assertThat(OrderPaymentStatus.of(status.code())).isEqualTo(status);
    assertThat(status.code()).hasSizeLessThanOrEqualTo(16);
  }

  @Test
  void aWordOfANewerVersionIsUnknown() {
    assertThat(OrderPaymentStatus.of("vanished")).isEqualTo(OrderPaymentStatus.UNKNOWN);
  }
}
