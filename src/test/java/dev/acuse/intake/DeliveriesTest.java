package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
  @Test
  void queryIsItsParameters() {
    assertThat(Deliveries.query("type=payment&data.id=1&data.id=2%33"))
        .containsEntry("type", List.of("payment"))
        .containsEntry("data.id", List.of("1", "23"));
  }

  /** Each is a few objects, and a head has room for four thousand. */
  @Test
  void queryOfMoreParametersThanAnySenderSendsNamesNothing() {
    assertThat(Deliveries.query("a=1&" + "b&".repeat(98))).isNotEmpty();
    assertThat(Deliveries.query("a=1&" + "b&".repeat(100))).isEmpty();
  }
}
