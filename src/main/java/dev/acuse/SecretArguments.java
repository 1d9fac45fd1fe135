package dev.acuse;

import dev.acuse.process.SetupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of a command: asked for, or read from a file or from a variable. As an argument a secret
 * would stand in the list of processes and in the shell's history.
 */
final class SecretArguments {
  private static final long MOST_BYTES = 16_384;
  private static final String FILE = "_file";
  private static final String VARIABLE = "_env";

  private final HiddenPrompt prompt;
  private final UnaryOperator<@Nullable String> environment;

  /**
   * @param environment a variable's value; null if it is not set
   */
  SecretArguments(InputStream in, PrintStream err, UnaryOperator<@Nullable String> environment) {
    this.prompt = new HiddenPrompt(in, err);
    this.environment = environment;
  }

  /**
   * Adds the three arguments of a secret.
   *
   * @param name with hyphens, as {@code access-token}
   */
  static void add(Subparser subparser, String name, String what) {
    subparser
        .addArgument("--" + name)
        .action(Arguments.storeTrue())
        .help("asks for " + what + "; without a terminal a line of the input is read");
    subparser.addArgument("--" + name + "-file").metavar("FILE").help("reads it from a file");
    subparser
        .addArgument("--" + name + "-env")
        .metavar("VARIABLE")
        .help("reads it from a variable of the environment, by its name");
  }

  /**
   * Puts a secret among the parameters, if one of its arguments is given.
   *
   * @param name with underscores, as {@code access_token}: the parameter's
   * @throws SetupException if two are given, or it cannot be read or is empty
   */
  void put(Namespace namespace, String name, Map<String, String> parameters) throws IOException {
    boolean asks = Boolean.TRUE.equals(namespace.getBoolean(name));
    String file = namespace.getString(name + FILE);
    String variable = namespace.getString(name + VARIABLE);
    String argument = "--" + name.replace('_', '-');
    int ways = (asks ? 1 : 0) + (file == null ? 0 : 1) + (variable == null ? 0 : 1);
    if (ways == 0) {
      return;
    }
    if (ways > 1) {
      throw new SetupException(
          "%s, %s-file and %s-env exclude each other".formatted(argument, argument, argument));
    }
    String secret;
    if (file != null) {
      secret = read(argument + "-file", file);
    } else if (variable != null) {
      secret = environment.apply(variable);
      if (secret == null) {
        throw new SetupException(argument + "-env: there is no variable of this name");
      }
    } else {
      secret = prompt.read(argument.substring(2).replace('-', ' '));
    }
    if (secret.isBlank()) {
      throw new SetupException(argument + ": what was given is empty");
    }
    parameters.put(name, secret.strip());
  }

  private static String read(String argument, String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MOST_BYTES) {
        throw new SetupException(argument + " is too large for a secret");
      }
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (InvalidPathException | IOException e) {
      throw new SetupException(argument + " cannot be read", e);
    }
  }
}
