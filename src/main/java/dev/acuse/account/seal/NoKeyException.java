package dev.acuse.account.seal;

/** There is no key to seal a secret by; the message is a sentence that says what to do. */
public final class NoKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoKeyException(String message) {
    super(message);
  }
}
