package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RemoteTextTest {

  @Test
  void textBecomesOneLineWithoutSecretAndMailbox() {
    String text = "Invalid token pit-1\r\n2026 ERROR fake\u0000 of ana.perez+x@example.test\u2028!";

    assertThat(RemoteText.clean(text, "pit-1"))
        .isEqualTo("Invalid token [REDACTED] 2026 ERROR fake of ***@example.test !");
  }

  @Test
  void longTextIsShortened() {
    assertThat(RemoteText.clean("x".repeat(1_000_000), null)).hasSize(300).endsWith("x…");
  }

  @Test
  void secretAtTheCutIsNotLeftInPart() {
    String text = "y".repeat(295) + "secret-token";

    assertThat(RemoteText.clean(text, "secret-token")).doesNotContain("sec");
  }
}
