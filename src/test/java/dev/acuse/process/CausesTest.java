package dev.acuse.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class CausesTest {
  private final IOException inner = new IOException("inner");
  private final RuntimeException failure =
      new IllegalStateException(new UncheckedIOException(inner));

  @Test
  void theFailureIsTheFirstAndTheRootTheLast() {
    assertThat(Causes.of(failure)).hasSize(3).startsWith(failure).endsWith(inner);
    assertThat(Causes.root(failure)).isSameAs(inner);
    assertThat(Causes.root(inner)).isSameAs(inner);
  }

  @Test
  void oneOfThemIsFoundHoweverDeep() {
    assertThat(Causes.any(failure, IOException.class::isInstance)).isTrue();
    assertThat(Causes.any(failure, Error.class::isInstance)).isFalse();
    assertThat(Causes.<String>first(failure, cause -> cause == inner ? "found" : null))
        .isEqualTo("found");
    assertThat(Causes.<String>first(failure, cause -> null)).isNull();
  }

  @Test
  void thereAreNoneOfNoFailure() {
    assertThat(Causes.of(null)).isEmpty();
    assertThat(Causes.any(null, cause -> true)).isFalse();
  }

  @Test
  void whatIsSuppressedIsNoCause() {
    failure.addSuppressed(new Error());

    assertThat(Causes.any(failure, Error.class::isInstance)).isFalse();
    assertThat(Failures.any(failure, Error.class::isInstance)).isTrue();
  }

  @Test
  void aCircleEnds() {
    var first = new IllegalStateException("first");
    var second = new IllegalArgumentException("second", first);
    first.initCause(second);

    assertThat(Causes.any(first, cause -> cause instanceof Error)).isFalse();
    assertThat(Causes.root(first)).isIn(first, second);
  }
}
