package dev.acuse.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LegibleTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 7, 8, 0xB, 0xC, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x34F, 0x61C, 0x115F,
        0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C,
        0x202D, 0x202E, 0x2060, 0x2061, 0x2064, 0x2065, 0x2066, 0x2067, 0x2068, 0x2069, 0x206A,
        0x206F, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0xFFF9, 0xFFFB, 0xFFFE, 0xFFFF,
        0x1BCA0, 0x1D173, 0x1D17A, 0x1FFFE, 0xE0001, 0xE0020, 0xE0041, 0xE007F, 0xE0100, 0xE01EF
      })
  void whatCannotBeSeenIsShownByItsNumber(int codePoint) {
    String text = "a" + Character.toString(codePoint) + "b";

    assertThat(Legible.line(text)).isEqualTo("a[U+%04X]b".formatted(codePoint));
    assertThat(Legible.lines(text)).isEqualTo(Legible.line(text));
  }

  @Test
  void noFormatControlOrSeparatorOfAllOfUnicodeIsLeft() {
    Set<Integer> hidden =
        Set.of(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.SURROGATE,
            (int) Character.LINE_SEPARATOR,
            (int) Character.PARAGRAPH_SEPARATOR);

    assertThat(
            IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(
                    c ->
                        Legible.line("a" + Character.toString(c) + "b")
                            .codePoints()
                            .anyMatch(shown -> hidden.contains(Character.getType(shown))))
                .mapToObj("U+%04X"::formatted))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Consulta de María, 50 %",
        "José e\u0301",
        "שלום عربي 日本語 ไทย",
        "😀 ❤\uFE0F 👩\u200D👩\u200D👧 👩\uD83C\uDFFD\u200D⚕\uFE0F \uD83E\uDEE0",
        "a\u00A0b\u3000c"
      })
  void whatCanBeSeenIsLeft(String text) {
    assertThat(Legible.line(text)).isEqualTo(text);
    assertThat(Legible.lines(text)).isEqualTo(text);
  }

  @Test
  void halfASurrogatePairIsNoText() {
    assertThat(Legible.line("a\uD83Db\uDE00")).isEqualTo("a\uFFFDb\uFFFD");
  }

  @Test
  void linesStayOnAPageAndGoFromALog() {
    assertThat(Legible.lines("a\r\n\tb\nc\rd")).isEqualTo("a\r\n\tb\nc[U+000D]d");
    assertThat(Legible.line("a\r\n\tb\n\nc\rd\r\r\ne")).isEqualTo("a b c d e");
  }
}
