package dev.acuse.remote;

import java.io.IOException;

/** The other side's answer is larger than anything we ask for. */
final class AnswerTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  AnswerTooLargeException(long limit) {
    super("the answer is larger than " + limit + " bytes");
  }
}
