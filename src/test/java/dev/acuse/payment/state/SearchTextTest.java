package dev.acuse.payment.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTextTest {
  @ParameterizedTest
  @CsvSource({
    "María Gómez, maria gomez",
    "João  Souza, joao souza",
    "MUÑOZ, munoz",
    "İstanbul, istanbul",
    "ﬁn, fin"
  })
  void caseAndAccentsDoNotCount(String text, String folded) {
    assertThat(SearchText.fold(text)).isEqualTo(folded);
  }

  @Test
  void nothingIsFoldedToNothing() {
    assertThat(SearchText.fold(null)).isEmpty();
    assertThat(SearchText.fold("  ")).isEmpty();
  }
}
