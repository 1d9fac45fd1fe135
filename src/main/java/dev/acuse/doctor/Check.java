package dev.acuse.doctor;

import java.util.List;

/**
 * Looks at one thing, and changes nothing.
 *
 * @param name of its findings, up to their dot
 */
public record Check(String name, Look look) {

  /** What a check does. */
  @FunctionalInterface
  public interface Look {
    /**
     * What there is to say of it.
     *
     * @throws Exception if it cannot be told; the other checks go on
     */
    List<Finding> look() throws Exception;
  }
}
