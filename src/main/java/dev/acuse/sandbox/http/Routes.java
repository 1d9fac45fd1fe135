package dev.acuse.sandbox.http;

/** What a server answers to its requests. Called by several threads at once. */
public interface Routes {
  /**
   * Carries a request out.
   *
   * @throws Refusal an error as the real API answers it
   */
  Reply answer(Request request) throws Refusal;
}
