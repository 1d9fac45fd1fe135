package dev.acuse.event;

/**
 * Whose accounts are seen. It is made where the caller is known, and handed down to what reads, so
 * that nothing is read for a caller that the caller must not see. Today there is one inbox and each
 * caller sees all of it.
 */
public final class Scope {
  private static final Scope EVERYTHING = new Scope();

  private Scope() {}

  /** All accounts. */
  public static Scope everything() {
    return EVERYTHING;
  }
}
