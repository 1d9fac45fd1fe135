package dev.acuse.faults;

import java.nio.file.Path;

/**
 * A protection that is taken away in the product's source: the attack that it is there against must
 * show it, or it proves nothing.
 */
enum Weakness {
  /** A name of letters, digits and dots is given to a resolver. */
  ANY_HOST(
      "the console takes any Host for its own",
      "api/LocalRequest.java",
      "return host != null && isLoopbackName(host); } private static boolean isFromOwnPage",
      "return true; } private static boolean isFromOwnPage");

  private final String description;
  private final String file;
  private final String right;
  private final String wrong;

  Weakness(String description, String file, String right, String wrong) {
    this.description = description;
    this.file = file;
    this.right = right;
    this.wrong = wrong;
  }

  String description() {
    return description;
  }

  /** Compiles the weak class; answers the folder that must stand first on the class path. */
  Path compile() {
    return new BrokenSource(file, right, wrong).compile(name());
  }
}
