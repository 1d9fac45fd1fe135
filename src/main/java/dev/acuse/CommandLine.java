package dev.acuse;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The words that a command line begins with. The parser would take the beginning of a name for the
 * whole, and run {@code db drop-all} for {@code db dr}.
 */
final class CommandLine {
  private static final Map<String, Set<String>> SUBCOMMANDS =
      Map.of(
          AccountCommand.NAME, AccountCommand.SUBCOMMANDS,
          ApplicationCommand.NAME, ApplicationCommand.SUBCOMMANDS,
          AcuseDbCommand.NAME, AcuseDbCommand.SUBCOMMANDS,
          KeyCommand.NAME, KeyCommand.SUBCOMMANDS,
          PersonCommand.NAME, PersonCommand.SUBCOMMANDS);

  private CommandLine() {}

  /**
   * What is wrong with the names in it, as a line; null if nothing is.
   *
   * @param commands all there are
   */
  static @Nullable String fault(Collection<String> commands, String... arguments) {
    if (arguments.length == 0 || arguments[0].startsWith("-")) {
      return null;
    }
    if (!commands.contains(arguments[0])) {
      return fault("\"" + arguments[0] + "\" is no command", commands);
    }
    Set<String> subcommands = SUBCOMMANDS.get(arguments[0]);
    if (subcommands != null
        && arguments.length > 1
        && !arguments[1].startsWith("-")
        && !subcommands.contains(arguments[1])) {
      return fault("\"" + arguments[1] + "\" is no command of " + arguments[0], subcommands);
    }
    return null;
  }

  private static String fault(String what, Collection<String> names) {
    return what + "; write one of " + String.join(", ", new TreeSet<>(names)) + " in full";
  }
}
