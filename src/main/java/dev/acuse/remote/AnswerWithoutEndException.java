package dev.acuse.remote;

import java.io.IOException;

/**
 * Around the other side's answer there is more than any real one has. Asking for less would not
 * help.
 */
final class AnswerWithoutEndException extends IOException {
  private static final long serialVersionUID = 1L;

  AnswerWithoutEndException(AnswerPart part) {
    super(part.title() + " is larger than " + part.maxBytes() + " bytes");
  }
}
