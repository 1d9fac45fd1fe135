package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntakeMemoryTest {
  private final IntakeMemory memory = new IntakeMemory(100);

  @Test
  void signedRequestsGetAllOfItAndNoMore() {
    IntakeMemory.Share one = memory.share(true);

    assertThat(one.grow(60)).isTrue();
    assertThat(one.grow(40)).isTrue();
    assertThat(memory.share(true).grow(1)).isFalse();
    assertThat(memory.used()).isEqualTo(100);
  }

  @Test
  void whatNothingVouchesForGetsHalfOfIt() {
    IntakeMemory.Share flood = memory.share(false);

    assertThat(flood.grow(50)).isTrue();
    assertThat(flood.grow(1)).isFalse();
    assertThat(memory.share(false).grow(1)).isFalse();
    assertThat(memory.share(true).grow(50)).isTrue();
    assertThat(memory.used()).isEqualTo(100);
  }

  @Test
  void nothingIsTakenByWhatIsRefused() {
    assertThat(memory.share(true).grow(60)).isTrue();

    assertThat(memory.share(false).grow(41)).isFalse();
    assertThat(memory.share(true).grow(41)).isFalse();
    assertThat(memory.used()).isEqualTo(60);
    assertThat(memory.share(true).grow(40)).isTrue();
  }

  @Test
  void whatIsReleasedIsThereForOthers() {
    IntakeMemory.Share one = memory.share(true);
    assertThat(one.grow(60)).isTrue();
    assertThat(one.grow(30)).isTrue();

    one.release();
    one.release();

    assertThat(memory.used()).isZero();
    assertThat(memory.share(true).grow(100)).isTrue();
  }
}
