package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrettyJsonTest {
  private static final int MOST = 1 << 20;

  @Test
  void aMemberHasALineAndItsDigits() {
    assertThat(PrettyJson.of("{\"id\":1,\"amount\":1500.50}", MOST))
        .isEqualToNormalizingNewlines("{\n  \"id\" : 1,\n  \"amount\" : 1500.50\n}");
  }

  @Test
  void whatIsNoJsonIsNotShownAsSuch() {
    assertThat(PrettyJson.of("", MOST)).isNull();
    assertThat(PrettyJson.of("{\"a\":1} x", MOST)).isNull();
    assertThat(PrettyJson.of("{\"a\":", MOST)).isNull();
  }

  /** Indented in full it would be 400 megabytes. */
  @Test
  void deepAndWideJsonIsShownAsFarAsTextGoes() {
    String json = "{\"a\":".repeat(190) + "[" + "1,".repeat(500_000) + "1]" + "}".repeat(190);

    assertThat(PrettyJson.of(json, MOST)).hasSize(MOST).startsWith("{");
  }

  @Test
  void whatIsNestedDeeperThanAnybodyWritesIsShownAsItCame() {
    assertThat(PrettyJson.of("[".repeat(201) + "]".repeat(201), MOST)).isNull();
  }
}
