package dev.acuse.effect;

/**
 * What an effect is wanted because of.
 *
 * @param code as stored: {@code checkout:<id>} or {@code payment:<id>}; at most 64 characters
 */
public record Subject(String code) {

  /** A checkout, by our own id: what belongs to one is judged by it. */
  public static Subject checkout(long id) {
    return new Subject("checkout:" + id);
  }

  /** A payment without a checkout, by our own id. */
  public static Subject payment(long id) {
    return new Subject("payment:" + id);
  }
}
