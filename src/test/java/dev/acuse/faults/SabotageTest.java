package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The mistakes of the fault run's control still fit the source that they are put into. */
class SabotageTest {
  @ParameterizedTest
  @EnumSource
  void everyProtectionCanStillBeTakenAway(Weakness weakness) {
    assertThat(weakness.compile()).isNotEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource
  void everyMistakeCanStillBeMade(Sabotage sabotage) {
    assertThat(sabotage.compile()).isNotEmptyDirectory();
  }
}
