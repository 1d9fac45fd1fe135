package dev.acuse.dispatch;

import dev.acuse.text.Text;

/** Makes of a failure one short line that is fit for a log, a table and a page. */
final class OneLine {
  private static final int MAX_LENGTH = 500;

  private OneLine() {}

  /** The message, or the class if there is none; without line breaks, at most 500 characters. */
  static String of(Throwable failure) {
    String message = failure.getMessage();
    return of(message == null || message.isBlank() ? failure.getClass().getSimpleName() : message);
  }

  /** The text without control characters, at most 500 characters. */
  static String of(String text) {
    return Text.line(text, MAX_LENGTH);
  }
}
