package dev.acuse.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionCapTest {

  @ParameterizedTest
  @CsvSource({
    "2000, 65536,               40, 2000",
    "2000, 9223372036854775807, 40, 2000",
    "2000, 2152,                40, 2000",
    "2000, 2151,                40, 1999",
    "2000, 1024,                40, 872",
    "2000, 256,                 40, 104",
    "  16, 256,                 40, 16",
    "2000, 100,                 40, 25",
    "2000, 3,                   40, 1",
  })
  void thereAreDescriptorsForAllElseOrAQuarterOfThemIsTaken(
      int configured, long limit, int others, int cap) {
    assertThat(ConnectionCap.of(configured, new Descriptors(() -> 32, () -> limit), others))
        .isEqualTo(cap);
  }
}
