package dev.acuse.payment.state;

import static dev.acuse.payment.state.Snapshots.NOON;
import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaymentStageTest {

  @Test
  void theStagesFollowMercadoPagosTransitions() {
    assertThat(
            List.of(
                PaymentStage.of("brand_new_status"),
                PaymentStage.of("pending"),
                PaymentStage.of("in_process"),
                PaymentStage.of("authorized"),
                PaymentStage.of("rejected"),
                PaymentStage.of("approved"),
                PaymentStage.of("in_mediation"),
                PaymentStage.of("refunded")))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(PaymentStage.of("cancelled")).isEqualTo(PaymentStage.of("rejected"));
    assertThat(PaymentStage.of("charged_back")).isEqualTo(PaymentStage.of("refunded"));
  }

  @ParameterizedTest
  @CsvSource({
    "unheard_of,   true",
    "pending,      true",
    "in_process,   true",
    "authorized,   true",
    "rejected,     true",
    "cancelled,    true",
    "approved,     false",
    "in_mediation, false",
    "refunded,     false",
    "charged_back, false"
  })
  void whatWasNeverAccreditedIsBeforeApproval(String status, boolean before) {
    assertThat(PaymentStage.of(status).isBeforeApproval()).isEqualTo(before);
  }

  @Test
  void theLaterDateWinsWhateverTheStage() {
    assertThat(isNewer("refunded", NOON, "pending", NOON.plusSeconds(1))).isTrue();
    assertThat(isNewer("pending", NOON, "refunded", NOON.minusSeconds(1))).isFalse();
  }

  @Test
  void withinASecondTheDateSaysNothingAndTheLaterStageWins() {
    for (int millis : new int[] {1, 481, 999}) {
      assertThat(isNewer("pending", NOON, "approved", NOON.minusMillis(millis))).isTrue();
      assertThat(isNewer("approved", NOON, "pending", NOON.plusMillis(millis))).isFalse();
      assertThat(isNewer("approved", NOON, "approved", NOON.plusMillis(millis))).isFalse();
    }
  }

  @Test
  void stateOfTheSameMomentNeverMovesTheStoredDateBack() {
    Payment stored = stored("pending", null, NOON.plusMillis(481));
    PaymentSnapshot approved = payment("7").status("approved").at(NOON).build();

    Payment merged = PaymentMerge.newer(stored, approved, new Look(NOON, false), false);

    assertThat(merged.mpUpdatedAt()).isEqualTo(NOON.plusMillis(481));
    assertThat(merged.status()).isEqualTo("approved");
  }

  @Test
  void anOperatorsLookUpSetsTheDateThatMercadoPagoSays() {
    Payment stored = stored("pending", null, NOON.plusMillis(481));
    PaymentSnapshot approved = payment("7").status("approved").at(NOON).build();

    Payment merged = PaymentMerge.newer(stored, approved, new Look(NOON, true), true);

    assertThat(merged.mpUpdatedAt()).isEqualTo(NOON);
  }

  @Test
  void atEqualDatesTheLaterStageWins() {
    assertThat(isNewer("pending", NOON, "approved", NOON)).isTrue();
    assertThat(isNewer("approved", NOON, "pending", NOON)).isFalse();
    assertThat(isNewer("approved", NOON, "unheard_of", NOON)).isFalse();
  }

  @Test
  void atEqualDatesAndStageWhateverDiffersIsNewer() {
    Payment stored = stored("approved", "accredited", NOON);

    assertThat(PaymentStage.isNewer(stored, payment("7").detail("accredited").build())).isFalse();
    assertThat(PaymentStage.isNewer(stored, payment("7").detail("partially_refunded").build()))
        .isTrue();
    assertThat(isNewer("refunded", NOON, "charged_back", NOON)).isTrue();
  }

  @Test
  void noDateIsOlderThanAny() {
    assertThat(isNewer("approved", null, "pending", NOON)).isTrue();
    assertThat(isNewer("pending", NOON, "approved", null)).isFalse();
    assertThat(isNewer("pending", null, "approved", null)).isTrue();
    assertThat(isNewer("approved", null, "approved", null)).isFalse();
  }

  private static boolean isNewer(
      String stored, @Nullable Instant storedAt, String told, @Nullable Instant toldAt) {
    return PaymentStage.isNewer(
        stored(stored, null, storedAt), payment("7").status(told).at(toldAt).build());
  }

  private static Payment stored(
      String status, @Nullable String detail, @Nullable Instant mpUpdatedAt) {
    return new Payment(
        1,
        1,
        "7",
        null,
        null,
        null,
        status,
        detail,
        null,
        null,
        null,
        null,
        null,
        mpUpdatedAt,
        null,
        null,
        null,
        null,
        null,
        null,
        PaymentDetails.NONE,
        null,
        NOON,
        NOON);
  }
}
