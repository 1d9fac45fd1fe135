package dev.acuse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.acuse.api.ApiServer;
import dev.acuse.api.Probe;
import dev.acuse.api.Problems;
import dev.acuse.event.EventStatus;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.start("", new Probe());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "0",
        "-1",
        "501",
        "2147483648",
        "9999999999999999999",
        "1.5",
        "%2B5",
        "1e2"
      })
  void aBadLimitIsNamed(String limit) {
    assertThat(badParameter("/api/probe/list?limit=" + limit))
        .isEqualTo("The parameter 'limit' must be a whole number from 1 to 500.");
  }

  @Test
  void arabicDigitsAreNoNumber() {
    assertThat(badParameter("/api/probe/list?limit=%D9%A1%D9%A2")).contains("'limit'");
  }

  @ParameterizedTest
  @CsvSource({"limit=1, 1", "limit=500, 500", "limit=, 50", "limit=007, 7", "'', 50"})
  void aGoodLimitIsTakenAndNoneIsFifty(String query, int limit) {
    assertThat(server.get("/api/probe/list?" + query).body()).contains("\"limit\":" + limit);
  }

  @Test
  void anUnknownStatusIsToldWhichThereAre() {
    assertThat(badParameter("/api/probe/list?status=zzz"))
        .isEqualTo(
            "The parameter 'status' must be one of: "
                + "pending, processing, success, ignored, failed, quarantined.");
    assertThat(server.get("/api/probe/list?status=failed").body()).contains("failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "0", "-7", "9223372036854775808", "1;x", "%20"})
  void aBadIdIs400AndNot404(String id) {
    String path = "/api/probe/items/" + id;
    if (id.contains(";")) {
      // What follows the semicolon is no part of the segment.
      assertThat(server.get(path).statusCode()).isEqualTo(200);
    } else {
      assertThat(badParameter(path)).contains("'id'");
    }
  }

  @Test
  void theLargestIdIsAnId() {
    assertThat(server.get("/api/probe/items/9223372036854775807").statusCode()).isEqualTo(200);
  }

  @Test
  void aTypoInTheQueryOfAChangeIsRefused() {
    assertThat(Problems.detail(server.post("/api/probe/bulk?typ=payment", "{}")))
        .contains("dry_run, type")
        .doesNotContain("typ=");
  }

  @Test
  void aParameterSentTwiceIsRefused() {
    assertThat(Problems.detail(server.post("/api/probe/bulk?dry_run=true&dry_run=false", "{}")))
        .contains("'dry_run' must be given only once");
    assertThat(server.post("/api/probe/bulk?dry_run=true", "{}").body()).contains("true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-02-30T00:00:00Z",
        "2026-02-30",
        "+99999-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "yesterday",
        "2026-03-02T14:05:09"
      })
  void aBadTimeIsRefused(String value) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> new Parameter("from", value).instant())
        .withMessageContaining("'from' must be a time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-02T14:05:09Z",
        "2026-03-02T11:05:09-03:00",
        "2026-03-02T15:05:09+01:00",
        "2026-03-02T15:05:09 01:00"
      })
  void aTimeMayHaveAnyOffset(String value) {
    assertThat(new Parameter("from", value).instant())
        .isEqualTo(Instant.parse("2026-03-02T14:05:09Z"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  "})
  void aBlankValueIsNone(String value) {
    var parameter = new Parameter("x", value);
    assertThat(parameter.text(1)).isNull();
    assertThat(parameter.instant()).isNull();
    assertThat(parameter.positiveLong()).isNull();
    assertThat(parameter.integer(1, 2)).isNull();
    assertThat(parameter.oneOf(EventStatus.KNOWN.toArray(EventStatus[]::new), EventStatus::code))
        .isNull();
    assertThat(parameter.flag()).isFalse();
    assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Parameter.id(value));
  }

  @Test
  void textIsShortAndPlain() {
    assertThat(new Parameter("q", "%_'").text(3)).isEqualTo("%_'");
    for (String bad : new String[] {"four", "a\u0000b", "a\nb"}) {
      assertThatExceptionOfType(ProblemException.class)
          .isThrownBy(() -> new Parameter("q", bad).text(3))
          .withMessageContaining("'q' must");
    }
  }

  private static String badParameter(String path) {
    return Problems.read(server.get(path), 400, "invalid_parameter").path("detail").asText();
  }
}
