package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Reason;
import dev.acuse.event.ReasonCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonsTest {
  @ParameterizedTest
  @EnumSource(ReasonCode.class)
  void whatIsWrittenIsReadAsItWas(ReasonCode code) {
    Reason reason = Reason.of(code, "mercadopago", "con \"comillas\" y ñ");

    assertThat(Reasons.read(Reasons.code(reason), Reasons.args(reason))).isEqualTo(reason);
  }

  @Test
  void whatAVersionBeforeWroteHasNone() {
    assertThat(Reasons.read(null, null)).isNull();
    assertThat(Reasons.code(null)).isNull();
    assertThat(Reasons.args(null)).isNull();
  }

  @Test
  void wordOfANewerVersionIsUnknown() {
    assertThat(Reasons.read("of_tomorrow", "[\"x\"]"))
        .isEqualTo(Reason.of(ReasonCode.UNKNOWN, "x"));
  }

  @Test
  void argumentsFitTheirColumnHoweverLongTheyAre() {
    String quotes = "\"".repeat(5_000);
    Reason reason = new Reason(ReasonCode.NOT_FOUND, List.of(quotes, quotes, quotes));

    assertThat(Reasons.args(reason)).hasSizeLessThanOrEqualTo(2048);
  }
}
