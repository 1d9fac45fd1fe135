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
    assertThat(share.take("genuine")).isTrue();
  }

  @Test
  void allTogetherGetNoMoreThanThereIs() {
    long all = IntStream.range(0, 50).mapToLong(i -> taken("bad" + i, 10)).sum();

    assertThat(all).isEqualTo(20);
    assertThat(share.take("genuine")).isFalse();
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

    assertThat(one.take("a")).isTrue();
    assertThat(one.take("a")).isFalse();
  }

  private long taken(String sender, int times) {
    return IntStream.range(0, times).filter(i -> share.take(sender)).count();
  }
}
