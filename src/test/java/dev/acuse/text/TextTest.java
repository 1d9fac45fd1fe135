package dev.acuse.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  private static final String PAIR = "\uD83D\uDE00";
  private static final char HIGH = '\uD83D';
  private static final char LOW = '\uDE00';

  /** Where the operations differ, each has its reason: a column keeps what a page must not show. */
  @Test
  void aColumnKeepsControlCharactersAndBlanksThatAPageDoesNot() {
    String text = " a\tb\r\nc\0\u0085 ";

    assertThat(Text.fit(text, 20)).isEqualTo(" a\tb\r\nc\u0085 ");
    assertThat(Text.clean(text, 20)).isEqualTo("abc");
    assertThat(Text.line(text, 20)).isEqualTo("a b c \u0085");
    assertThat(Text.cut(text, 20)).isEqualTo(text);
  }

  @Test
  void halfAPairIsLeftOutOfAColumnAndReplacedOnAPage() {
    String text = "a" + HIGH + "b" + LOW + PAIR;

    assertThat(Text.fit(text, 20)).isEqualTo("ab" + PAIR);
    assertThat(Text.clean(text, 20)).isEqualTo("a\uFFFDb\uFFFD" + PAIR);
    assertThat(Text.line(text, 20)).isEqualTo(text);
  }

  @Test
  void aPairThatDoesNotFitIsLeftOutWhole() {
    String text = "abc" + PAIR + "d";

    assertThat(Text.fit(text, 4)).isEqualTo("abc");
    assertThat(Text.clean(text, 4)).isEqualTo("abc");
    assertThat(Text.line(text + "e", 5)).isEqualTo("abc…");
    assertThat(Text.cut(text, 4)).isEqualTo("abc" + HIGH);
    assertThat(Text.fit(text, 5)).isEqualTo("abc" + PAIR);
    assertThat(Text.clean(text, 5)).isEqualTo("abc" + PAIR);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  ", "\0", "\0 \n"})
  void nothingIsLeftOfNothing(@Nullable String text) {
    assertThat(Text.fit(text, 9)).isNull();
    assertThat(Text.clean(text, 9)).isNull();
    assertThat(Text.exact(text, 9)).isNull();
  }

  @Test
  void anExactTextIsTheTextOrNothing() {
    assertThat(Text.exact(" a\n" + PAIR, 5)).isEqualTo(" a\n" + PAIR);
    assertThat(Text.exact(" a\n" + PAIR, 4)).isNull();
    assertThat(Text.exact("a\0", 5)).isNull();
    assertThat(Text.exact("a" + LOW, 5)).isNull();
  }

  @Test
  void blanksThatBecomeLastByTheCutAreLeftOutOfAPageAlone() {
    assertThat(Text.fit("ab cd", 3)).isEqualTo("ab ");
    assertThat(Text.clean("ab cd", 3)).isEqualTo("ab");
  }

  @Test
  void aLineEndsInAnEllipsisIfItIsTooLong() {
    assertThat(Text.line("abcd", 4)).isEqualTo("abcd");
    assertThat(Text.line("abcde", 4)).isEqualTo("abc…");
    assertThat(Text.line("a\n\r\n\tb  c\n", 9)).isEqualTo("a b  c");
    assertThat(Text.cut("abcde", 4)).isEqualTo("abcd");
  }

  @Test
  void oneLineHasNoControlCharacterAndNoHalfPair() {
    assertThat(Text.isOneLine("a b \u2028" + PAIR)).isTrue();
    assertThat(Text.isOneLine("a\tb")).isFalse();
    assertThat(Text.isOneLine("a\0")).isFalse();
    assertThat(Text.isOneLine("a\u0085")).isFalse();
    assertThat(Text.isOneLine("a" + HIGH)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "123", "a_B-9"})
  void anIdIsPlain(String id) {
    assertThat(ExternalId.matches(id)).isTrue();
    assertThat(ExternalId.orNull(id)).isEqualTo(id);
    assertThat(ExternalId.matches(id.repeat(65))).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "a/b", "..", "a\n", "á", "a b", "a.b"})
  void whatIsNotPlainIsNoId(@Nullable String id) {
    assertThat(ExternalId.matches(id)).isFalse();
    assertThat(ExternalId.orNull(id)).isNull();
  }
}
