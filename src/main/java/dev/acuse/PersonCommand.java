package dev.acuse;

import dev.acuse.access.AccessRole;
import dev.acuse.access.PersonStore;
import dev.acuse.admin.PersonTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.process.SetupException;
import io.dropwizard.core.setup.Environment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code person add|set|list|remove}: the people who sign in to the console. The password is asked
 * for, or read from a file or a variable; as an argument it would stand in the list of processes.
 */
final class PersonCommand extends SettingsCommand {
  static final String NAME = PersonTask.NAME;
  static final Set<String> SUBCOMMANDS = Set.of("add", "list", "remove", "set");

  /** Holds the password, where it is set. */
  static final String PASSWORD = "ACUSE_PERSON_PASSWORD";

  private final InputStream in;
  private final PrintStream err;
  private final UnaryOperator<@Nullable String> environment;

  /**
   * @param environment a variable's value; null if it is not set
   */
  PersonCommand(
      InputStream in,
      PrintStream out,
      PrintStream err,
      UnaryOperator<@Nullable String> environment) {
    super(NAME, "Adds, changes, lists and removes people of the console", SUBCOMMANDS, out);
    this.in = in;
    this.err = err;
    this.environment = environment;
  }

  @Override
  void configure(String subcommand, Subparser subparser) {
    if (subcommand.equals("list")) {
      return;
    }
    subparser.addArgument("name").metavar("NAME").help("letters, digits and . _ @ -");
    boolean adds = subcommand.equals("add");
    if (adds || subcommand.equals("set")) {
      subparser
          .addArgument("--role")
          .required(adds)
          .choices(AccessRole.OF_PEOPLE.stream().map(AccessRole::code).toList())
          .help("a viewer looks, an operator acts too, an admin sets up");
      addAccounts(subparser);
      subparser
          .addArgument("--password-file")
          .metavar("FILE")
          .help(
              "its first line is the password; else "
                  + PASSWORD
                  + " of the environment is, or it is asked for");
    }
    if (subcommand.equals("set")) {
      subparser
          .addArgument("--password")
          .action(Arguments.storeTrue())
          .help("sets a new password, from " + PASSWORD + " or asked for");
    }
  }

  @Override
  Map<String, String> parameters(String subcommand, Namespace namespace) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    put(namespace, "name", parameters);
    put(namespace, "role", parameters);
    putAccounts(namespace, parameters);
    String file = namespace.getString("password_file");
    if (file != null) {
      parameters.put("password", firstLine(file));
    } else if (subcommand.equals("add") || Boolean.TRUE.equals(namespace.getBoolean("password"))) {
      parameters.put("password", password());
    }
    return parameters;
  }

  private static String firstLine(String file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(Path.of(file))) {
      String line = reader.readLine();
      return line == null ? "" : line;
    } catch (InvalidPathException | IOException e) {
      throw new SetupException("--password-file cannot be read", e);
    }
  }

  private String password() throws IOException {
    String given = environment.apply(PASSWORD);
    return given == null ? new HiddenPrompt(in, err).read() : given;
  }

  @Override
  PersonTask task(Environment environment, Database database, AcuseConfiguration config) {
    return new PersonTask(
        new PersonStore(
            database.jdbi(),
            database.clock(),
            AccountsSetUp.ofCommand(config, environment, database).live()),
        new TaskStatus());
  }
}
