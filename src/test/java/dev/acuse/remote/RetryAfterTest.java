package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-03-02T14:05:09Z");

  @ParameterizedTest
  @CsvSource({
    "30, PT30S",
    "' 30 ', PT30S",
    "3600, PT1H",
    "3601, PT1H",
    "315360000, PT1H",
    "99999999999999999999, PT1H",
    "'Mon, 02 Mar 2026 14:06:09 GMT', PT1M",
    "'Sun, 02 Mar 2036 14:06:09 GMT', PT1H",
  })
  void secondsAndDatesAreReadAndCapped(String value, Duration expected) {
    assertThat(RetryAfter.parse(value, NOW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "abc",
        "1.5",
        "١٢",
        "Mon, 02 Mar 2026 14:05:09 GMT",
        "Mon, 02 Mar 2026 14:00:00 GMT",
        "Tue, 02 Mar 2027 14:05:09 GMT x",
        "2026-03-02T14:06:09Z",
      })
  void anythingElseSaysNothing(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isNull();
  }
}
