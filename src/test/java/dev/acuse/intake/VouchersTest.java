package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VouchersTest {
  private final Vouchers vouchers = new Vouchers();

  @Test
  void aSignatureLetsInOneUnlessThatWasNotStored() {
    assertThat(vouchers.use("a")).isTrue();
    assertThat(vouchers.use("a")).isFalse();
    vouchers.giveBack("a");
    assertThat(vouchers.use("a")).isTrue();
  }

  @Test
  void theOneThatWasUsedLongestAgoIsForgotten() {
    vouchers.use("sent again and again");
    for (int i = 0; i < Vouchers.MOST; i++) {
      assertThat(vouchers.use("genuine " + i)).isTrue();
      assertThat(vouchers.use("sent again and again")).isFalse();
    }
    assertThat(vouchers.use("genuine 0")).as("forgotten").isTrue();
  }
}
