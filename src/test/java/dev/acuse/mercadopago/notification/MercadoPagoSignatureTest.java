package dev.acuse.mercadopago.notification;

import static dev.acuse.mercadopago.Signer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.mercadopago.Signer;
import dev.acuse.mercadopago.notification.MercadoPagoSignature.Result;
import dev.acuse.mercadopago.notification.MercadoPagoSignature.Verdict;
import dev.acuse.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MercadoPagoSignatureTest {
  private static final String ID = "1234567890";
  private static final String REQUEST_ID = "7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10";
  private static final String TS = "1704908010";
  private static final String V1 =
      "fe464260d7889b323f830566e8a604b116cfddab312933ff60f8c7da6f535bcd";

  private final ManualClock clock = ManualClock.create();
  private final MercadoPagoSignature signature =
      new MercadoPagoSignature(List.of(SECRET), Duration.ZERO, clock);

  /** The facts sheet's vectors, computed with another implementation than ours. */
  @ParameterizedTest(name = "vector {0}")
  @CsvSource({
    "1, 1234567890, 7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10, 1704908010,"
        + " fe464260d7889b323f830566e8a604b116cfddab312933ff60f8c7da6f535bcd",
    "2, 123456, bb56a2f1-6aae-46ac-982e-9dcd3581d08e, 1742505638683,"
        + " 4d312178671588fa0573a781d34ce58a38ec281b2878797e4ecc2de1ec298df3",
    "3a, ORD01JQ4S4KY8HWQ6NA5PXB65B3D3, 2066ca19-c6f1-498a-be75-1923005edd06, 1742505638683,"
        + " 367c93c7ad0e7bb9d1cb023ce32dc7c20a8186820d43274dd88645a4f7f3d611",
    "3b, ORD01JQ4S4KY8HWQ6NA5PXB65B3D3, 2066ca19-c6f1-498a-be75-1923005edd06, 1742505638683,"
        + " 5b850801775cc80aaadbaaa4fcf359b9f341232d74e3f75b515f6ecb86d1541d",
    "4, 1234567890, , 1704908010,"
        + " d1015103a05d1b509e8b4e528bbca6da1cef673d9e535b3b36bd49c642b73473",
    "5, , 7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10, 1704908010,"
        + " f1d34810db29f1c2e20aadc00b14e14ebc4d8cab215284e1ad909d869f62936c",
    "6, , , 1704908010, f571c0b8bc7f59c4ab3cc6907caf5fb72b78cb7188667507c471dc0ca5dd1001",
    "7, 41788606511, 0f6c2f54-2d0e-4a2b-9a63-3f8f3b1f7c21, 1766455693,"
        + " 12552d42d9697ea7615a85088173d42be02e9cc2981c532e92032f937c667772",
  })
  void testVectorIsValid(String name, String id, String requestId, String ts, String v1) {
    List<String> requestIds = requestId == null ? List.of() : List.of(requestId);

    Result result = signature.verify(List.of("ts=" + ts + ",v1=" + v1), requestIds, id);

    assertThat(result.verdict()).as(name).isEqualTo(Verdict.VALID);
    assertThat(result.secret()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ts=1704908010, v1=%s",
        " ts = 1704908010 ,\tv1 = %s ",
        "v1=%s,ts=1704908010",
        "TS=1704908010,V1=%s",
        "ts=1704908010,v1=%s,v2=something,new",
        "ts=1704908010,v1=%s,",
      })
  void harmlessVariantOfTheHeaderIsValid(String header) {
    assertThat(verdict(header.formatted(V1))).isEqualTo(Verdict.VALID);
  }

  @Test
  void upperCaseHexIsValid() {
    assertThat(verdict("ts=" + TS + ",v1=" + V1.toUpperCase(java.util.Locale.ROOT)))
        .isEqualTo(Verdict.VALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void blankHeaderIsMissing(String header) {
    assertThat(verdict(header)).isEqualTo(Verdict.MISSING);
  }

  @Test
  void absentHeaderIsMissing() {
    assertThat(signature.verify(List.of(), List.of(REQUEST_ID), ID).verdict())
        .isEqualTo(Verdict.MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=",
        ",,,",
        "ts=",
        "ts=1704908010",
        "v1=%s",
        "ts=1704908010,v1=",
        "ts=1704908010,v2=%s",
        "ts=17049080101704908010,v1=%s",
        "ts=170490801,v1=%s",
        "ts=-1704908010,v1=%s",
        "ts=+1704908010,v1=%s",
        "ts=1704908010.5,v1=%s",
        "ts=1704908010x,v1=%s",
        "ts=١٧٠٤٩٠٨٠١٠,v1=%s",
        "ts=１７０４９０８０１０,v1=%s",
        "ts=1704908010,v1=g%s",
        "ts=1704908010,v1=%s0",
        "ts=1704908010,v1=é%s",
        "ts=1704908010;v1=%s",
      })
  void anyOtherFormIsMalformed(String header) {
    assertThat(verdict(header.formatted(V1))).isEqualTo(Verdict.MALFORMED);
  }

  @Test
  void v1OfTheWrongLengthOrAlphabetIsMalformed() {
    assertThat(verdict("ts=" + TS + ",v1=" + V1.substring(1))).isEqualTo(Verdict.MALFORMED);
    assertThat(verdict("ts=" + TS + ",v1=g" + V1.substring(1))).isEqualTo(Verdict.MALFORMED);
    assertThat(verdict("ts=" + TS + ",v1=ａ" + V1.substring(1))).isEqualTo(Verdict.MALFORMED);
  }

  @Test
  void headerOverTheLimitIsMalformedHoweverItIsMade() {
    String genuine = "ts=" + TS + ",v1=" + V1;

    assertThat(verdict(genuine + ",x=" + "y".repeat(8192))).isEqualTo(Verdict.MALFORMED);
    assertThat(verdict(",".repeat(10_000) + genuine)).isEqualTo(Verdict.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ts=1704908010,ts=1704908010,v1=%s",
        "ts=1704908010,v1=%s,v1=%1$s",
        "ts=1,TS=1704908010,v1=%s",
      })
  void repeatedKeyIsAmbiguous(String header) {
    assertThat(verdict(header.formatted(V1))).isEqualTo(Verdict.AMBIGUOUS);
  }

  @Test
  void repeatedHeaderIsAmbiguous() {
    String genuine = "ts=" + TS + ",v1=" + V1;

    assertThat(signature.verify(List.of(genuine, genuine), List.of(REQUEST_ID), ID).verdict())
        .isEqualTo(Verdict.AMBIGUOUS);
    assertThat(signature.verify(List.of(genuine), List.of(REQUEST_ID, REQUEST_ID), ID).verdict())
        .isEqualTo(Verdict.AMBIGUOUS);
  }

  @Test
  void anyChangeOfWhatIsSignedIsAMismatch() {
    List<String> genuine = List.of("ts=" + TS + ",v1=" + V1);

    assertThat(verdict("ts=" + TS + ",v1=" + V1.substring(0, 63) + "e"))
        .isEqualTo(Verdict.MISMATCH);
    assertThat(verdict("ts=1704908011,v1=" + V1)).isEqualTo(Verdict.MISMATCH);
    assertThat(signature.verify(genuine, List.of(REQUEST_ID), "1234567891").verdict())
        .isEqualTo(Verdict.MISMATCH);
    assertThat(signature.verify(genuine, List.of(REQUEST_ID), null).verdict())
        .isEqualTo(Verdict.MISMATCH);
    assertThat(signature.verify(genuine, List.of(), ID).verdict()).isEqualTo(Verdict.MISMATCH);
  }

  @Test
  void signatureWithoutAnIdIsNoneForAnId() {
    String withoutId = "f1d34810db29f1c2e20aadc00b14e14ebc4d8cab215284e1ad909d869f62936c";

    assertThat(verdict("ts=" + TS + ",v1=" + withoutId)).isEqualTo(Verdict.MISMATCH);
  }

  @Test
  void partThatReachesIntoTheNextIsRefusedThoughItsManifestIsSigned() {
    List<String> genuine = List.of("ts=" + TS + ",v1=" + V1);
    String joined = ID + ";request-id:" + REQUEST_ID;

    assertThat(signature.verify(genuine, List.of(), joined).verdict()).isEqualTo(Verdict.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", "a:b", "a b", "a\nb", "a\u0000b", "é"})
  void requestIdThatCouldForgeAManifestIsMalformed(String requestId) {
    String header = Signer.header(SECRET, TS, "id:1;request-id:" + requestId + ";ts:" + TS + ";");

    assertThat(signature.verify(List.of(header), List.of(requestId), "1").verdict())
        .isEqualTo(Verdict.MALFORMED);
  }

  @Test
  void requestIdOf4KilobytesIsMalformed() {
    String requestId = "a".repeat(4096);
    String header = Signer.header(SECRET, TS, "id:1;request-id:" + requestId + ";ts:" + TS + ";");

    assertThat(signature.verify(List.of(header), List.of(requestId), "1").verdict())
        .isEqualTo(Verdict.MALFORMED);
  }

  @Test
  void blankPartsAreLeftOutLikeAbsentOnes() {
    String header = Signer.header(SECRET, TS, "ts:" + TS + ";");

    assertThat(signature.verify(List.of(header), List.of("  "), " ").verdict())
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void everySecretIsTriedAndTheOneThatMatchedIsNamed() {
    var rotated = new MercadoPagoSignature(List.of("new", SECRET, "older"), Duration.ZERO, clock);

    assertThat(rotated.verify(List.of("ts=" + TS + ",v1=" + V1), List.of(REQUEST_ID), ID))
        .isEqualTo(new Result(Verdict.VALID, 1, Instant.ofEpochSecond(Long.parseLong(TS))));
    assertThat(
            new MercadoPagoSignature(List.of("new"), Duration.ZERO, clock)
                .verify(List.of("ts=" + TS + ",v1=" + V1), List.of(REQUEST_ID), ID))
        .isEqualTo(new Result(Verdict.MISMATCH, -1, null));
  }

  @ParameterizedTest
  @EnumSource(Unit.class)
  void toleranceHoldsBothWaysInEitherUnit(Unit unit) {
    var strict = new MercadoPagoSignature(List.of(SECRET), Duration.ofMinutes(5), clock);

    assertThat(signedAt(strict, unit, Duration.ZERO)).isEqualTo(Verdict.VALID);
    assertThat(signedAt(strict, unit, Duration.ofMinutes(-5))).isEqualTo(Verdict.VALID);
    assertThat(signedAt(strict, unit, Duration.ofMinutes(5))).isEqualTo(Verdict.VALID);
    assertThat(signedAt(strict, unit, Duration.ofSeconds(-301))).isEqualTo(Verdict.EXPIRED);
    assertThat(signedAt(strict, unit, Duration.ofSeconds(301))).isEqualTo(Verdict.EXPIRED);
  }

  @Test
  void withoutToleranceAgeIsNoReasonToRefuse() {
    assertThat(signedAt(signature, Unit.SECONDS, Duration.ofDays(-5))).isEqualTo(Verdict.VALID);
    assertThat(signedAt(signature, Unit.MILLIS, Duration.ofMinutes(10))).isEqualTo(Verdict.VALID);
  }

  @Test
  void forgedSignatureIsAMismatchHoweverOld() {
    var strict = new MercadoPagoSignature(List.of("other"), Duration.ofMinutes(5), clock);

    assertThat(signedAt(strict, Unit.SECONDS, Duration.ofDays(-5))).isEqualTo(Verdict.MISMATCH);
  }

  enum Unit {
    SECONDS,
    MILLIS
  }

  private Verdict signedAt(MercadoPagoSignature verifier, Unit unit, Duration fromNow) {
    Instant instant = clock.instant().plus(fromNow);
    String ts =
        String.valueOf(
            switch (unit) {
              case SECONDS -> instant.getEpochSecond();
              case MILLIS -> instant.toEpochMilli();
            });
    String header = Signer.header(SECRET, ts, "id:1;ts:" + ts + ";");
    return verifier.verify(List.of(header), List.of(), "1").verdict();
  }

  private Verdict verdict(String header) {
    return signature.verify(List.of(header), List.of(REQUEST_ID), ID).verdict();
  }
}
