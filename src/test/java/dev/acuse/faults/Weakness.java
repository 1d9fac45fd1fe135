package dev.acuse.faults;

import java.nio.file.Path;
import java.util.List;

/**
 * A protection that is taken away in the product's source: the attack that it is there against must
 * show it, or it proves nothing.
 */
enum Weakness {
  /** A page that reaches this machine by a name of its own is taken for a local one. */
  ANY_HOST("the check of the Host"),

  /** One sender takes the places of all. */
  ONE_SENDER("a share of the look-ups for each sender, and one for what is known"),

  /** The head of an answer may be as long as it likes. */
  ENDLESS_HEADS("the bounds of an answer's lines and bytes"),

  /** As many connections as are configured, be there descriptors for them or not. */
  ANY_NUMBER("the cap of connections below the descriptors"),

  /** A file that does not open is left as it is. */
  NO_REBUILDING("the rebuilding of a broken file");

  private final String description;

  Weakness(String description) {
    this.description = description;
  }

  /** What is missing. */
  String description() {
    return description;
  }

  /** Compiles the weak classes; answers the folder that must stand first on the class path. */
  Path compile() {
    return BrokenSource.compile(name(), sources());
  }

  private List<BrokenSource> sources() {
    return switch (this) {
      case ANY_HOST ->
          List.of(
              new BrokenSource(
                  "LocalRequest",
                  "if (hosts.size() != 1) { return false; }",
                  "if (!hosts.isEmpty()) { return true; }"));
      case ONE_SENDER ->
          List.of(
              new BrokenSource(
                  "Network",
                  "String literal = literal(address);",
                  "String literal = literal(address); if (!literal.isEmpty()) { return \"one\"; }"),
              new BrokenSource(
                  "HintAdmission",
                  "schedules = isKnown ? known : unknown;",
                  "schedules = unknown;"));
      case ENDLESS_HEADS ->
          List.of(
              new BrokenSource(
                  "RationedSocket",
                  "if (read > 0 && left.addAndGet(-read) < 0) {",
                  "if (read > 0 && left.addAndGet(-read) < 0 && part == null) {"),
              new BrokenSource(
                  "BoundedConnection", ".setMaxLineLength(8 * 1024).setMaxHeaderCount(200)", ""));
      case ANY_NUMBER ->
          List.of(
              new BrokenSource(
                  "ConnectionCap",
                  "long limit = descriptors.limit();",
                  "long limit = Long.MAX_VALUE / 8;"),
              new BrokenSource("ConnectionLimits", "connections.letThereBe(room, executor);", ""));
      case NO_REBUILDING ->
          List.of(new BrokenSource("Database", "h2.recovery().rebuildIfBroken()", "false"));
    };
  }
}
