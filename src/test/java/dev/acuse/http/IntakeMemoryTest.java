package dev.acuse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.http.IntakeMemory.Kind;
import org.junit.jupiter.api.Test;

class IntakeMemoryTest {
  private final IntakeMemory memory = new IntakeMemory(100);

  @Test
  void signedRequestsGetAllOfItAndNoMore() {
    IntakeMemory.Share one = memory.share(Kind.PROVEN);

    assertThat(one.grow(60)).isTrue();
    assertThat(one.grow(40)).isTrue();
    assertThat(memory.share(Kind.PROVEN).grow(1)).isFalse();
    assertThat(memory.used()).isEqualTo(100);
  }

  @Test
  void whatNothingVouchesForGetsHalfOfIt() {
    IntakeMemory.Share flood = memory.share(Kind.UNPROVEN);

    assertThat(flood.grow(50)).isTrue();
    assertThat(flood.grow(1)).isFalse();
    assertThat(memory.share(Kind.UNPROVEN).grow(1)).isFalse();
    assertThat(memory.share(Kind.PROVEN).grow(50)).isTrue();
    assertThat(memory.used()).isEqualTo(100);
  }

  @Test
  void whatIsNoWebhookGetsAQuarterOfIt() {
    assertThat(memory.share(Kind.OTHER).grow(25)).isTrue();

    assertThat(memory.share(Kind.OTHER).grow(1)).isFalse();
    assertThat(memory.share(Kind.UNPROVEN).grow(50)).isTrue();
    assertThat(memory.share(Kind.PROVEN).grow(25)).isTrue();
    assertThat(memory.used()).isEqualTo(100);
  }

  @Test
  void nothingIsTakenByWhatIsRefused() {
    assertThat(memory.share(Kind.PROVEN).grow(60)).isTrue();

    assertThat(memory.share(Kind.UNPROVEN).grow(41)).isFalse();
    assertThat(memory.share(Kind.PROVEN).grow(41)).isFalse();
    assertThat(memory.used()).isEqualTo(60);
    assertThat(memory.share(Kind.PROVEN).grow(40)).isTrue();
  }

  @Test
  void whatIsReleasedIsThereForOthers() {
    IntakeMemory.Share one = memory.share(Kind.PROVEN);
    assertThat(one.grow(60)).isTrue();
    assertThat(one.grow(30)).isTrue();

    one.release();
    one.release();

    assertThat(memory.used()).isZero();
    assertThat(memory.share(Kind.PROVEN).grow(100)).isTrue();
  }
}
