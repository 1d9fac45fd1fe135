package dev.acuse.recovery.file;

/** A page says that something in it is longer than the page: H2 would ask for that much memory. */
final class ImpossibleLengthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ImpossibleLengthException(String what) {
    super(what);
  }
}
