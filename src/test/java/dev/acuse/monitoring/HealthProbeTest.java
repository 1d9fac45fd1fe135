package dev.acuse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthProbeTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private int probe(String port) {
    return HealthProbe.probe(Map.of("PORT", port)::get, new PrintStream(said, true));
  }

  @ParameterizedTest
  @CsvSource({"abc, PORT is no number", "70000, PORT is no port", "-1, PORT is no port"})
  void aWrongPortIsSaid(String port, String line) {
    assertThat(probe(port)).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8).strip()).startsWith(line);
  }

  @Test
  void whatDoesNotAnswerIsNotReady() throws Exception {
    int free = FreePorts.next();

    assertThat(probe(String.valueOf(free))).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }
}
