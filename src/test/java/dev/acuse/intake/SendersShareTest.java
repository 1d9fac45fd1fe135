package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendersShareTest {
  private final AtomicLong nanos = new AtomicLong();
  private final SendersShare share = new SendersShare(20, nanos::get);

  @Test
  void oneSenderGetsAQuarterAndLeavesTheRestToOthers() {
    assertThat(taken("bad", 100)).isEqualTo(5);
    assertThat(share.take(1, "genuine")).isTrue();
  }

  @Test
  void allTogetherGetNoMoreThanThereIs() {
    long all = IntStream.range(0, 50).mapToLong(i -> taken("bad" + i, 10)).sum();

    assertThat(all).isEqualTo(20);
    assertThat(share.take(1, "genuine")).isFalse();
  }

  @Test
  void nextSecondBeginsAnew() {
    taken("bad", 100);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(taken("bad", 100)).isEqualTo(5);
  }

  @Test
  void leastIsOneForEach() {
    var one = new SendersShare(1, nanos::get);

    assertThat(one.take(1, "a")).isTrue();
    assertThat(one.take(1, "a")).isFalse();
  }

  @Test
  void floodOfOneAccountTakesNothingOfAnother() {
    for (int i = 0; i < 100; i++) {
      share.take(7, "flood-" + i);
    }

    assertThat(share.take(7, "genuine")).isFalse();
    assertThat(IntStream.range(0, 100).filter(i -> share.take(8, "other-" + i)).count())
        .isEqualTo(20);
  }

  @Test
  void allAccountsTogetherAreBoundedAndEachMayKeepOne() {
    long taken = 0;
    for (int account = 1; account <= 100; account++) {
      long of = account;
      taken += IntStream.range(0, 100).filter(i -> share.take(of, "flood-" + i)).count();
    }

    assertThat(taken).isEqualTo(16 * 20 + 84);
  }

  private long taken(String sender, int times) {
    return IntStream.range(0, times).filter(i -> share.take(1, sender)).count();
  }
}
