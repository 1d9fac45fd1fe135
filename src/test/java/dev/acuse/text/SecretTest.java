package dev.acuse.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  private record Holder(String name, Secret secret) {}

  @Test
  void nothingThatPrintsItShowsIt() throws Exception {
    var holder = new Holder("name", Secret.of("canary"));

    assertThat(holder.toString()).isEqualTo("Holder[name=name, secret=[REDACTED]]");
    assertThat(String.format("%s", holder.secret())).isEqualTo("[REDACTED]");
    assertThat(new ObjectMapper().writeValueAsString(holder)).doesNotContain("canary");
  }

  @Test
  void itIsRevealedWithoutBlanksAtItsEnds() {
    var secret = Secret.of(" a b\n");

    assertThat(secret.isSet()).isTrue();
    assertThat(secret.reveal()).isEqualTo("a b");
    assertThat(secret.revealOrNull()).isEqualTo("a b");
    assertThat(secret).isEqualTo(Secret.of("a b")).isNotEqualTo(Secret.of("ab"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " \n"})
  void aBlankOneIsNone(@Nullable String text) {
    Secret none = Secret.of(text);

    assertThat(none).isSameAs(Secret.NONE).hasToString("none");
    assertThat(none.isSet()).isFalse();
    assertThat(none.reveal()).isEmpty();
    assertThat(none.revealOrNull()).isNull();
  }
}
