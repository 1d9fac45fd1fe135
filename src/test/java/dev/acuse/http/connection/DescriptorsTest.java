package dev.acuse.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {

  @Test
  void thisProcessHasSomeOpenAndMayHaveMore() {
    var descriptors = Descriptors.ofThisProcess();

    assertThat(descriptors.open()).isPositive().isLessThan(descriptors.limit());
    assertThat(descriptors.used()).isStrictlyBetween(0.0, 1.0);
  }

  @Test
  void whereNoneIsLeftToCountByAllAreOpen() {
    var descriptors =
        new Descriptors(
            () -> {
              throw new InternalError("Unable to open directory /proc/self/fd");
            },
            () -> 256);

    assertThat(descriptors.open()).isEqualTo(256);
    assertThat(descriptors.used()).isEqualTo(1);
  }
}
