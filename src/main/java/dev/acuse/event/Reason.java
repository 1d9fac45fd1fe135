package dev.acuse.event;

import java.util.List;

/**
 * Why an attempt ended as it did.
 *
 * @param args what the code names in braces; never a secret, a class's name or an address of ours
 */
public record Reason(ReasonCode code, List<String> args) {
  /** Copies the list. */
  public Reason {
    args = List.copyOf(args);
  }

  /** A reason with its arguments. */
  public static Reason of(ReasonCode code, String... args) {
    return new Reason(code, List.of(args));
  }
}
