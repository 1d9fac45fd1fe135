package dev.acuse.bench;

import java.util.Locale;

/** Numbers as the page shows them. */
final class Figures {
  private Figures() {}

  /** Two decimals, whatever the machine's language. */
  static String of(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
