package dev.acuse;

import dev.acuse.console.session.ConsoleUsers;
import dev.acuse.console.session.Role;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code password}: prints what {@code ACUSE_CONSOLE_USERS} needs for one user of the console. The
 * password is asked for, or read from the first line of the input; as an argument it would stand in
 * the list of processes.
 */
final class PasswordCommand extends Command {
  private static final int SHORTEST = 10;

  private final InputStream in;
  private final PrintStream out;

  PasswordCommand(InputStream in, PrintStream out) {
    super("password", "Prints the entry of ACUSE_CONSOLE_USERS for a user of the console.");
    this.in = in;
    this.out = out;
  }

  @Override
  public void configure(Subparser subparser) {
    subparser.addArgument("user").help("letters, digits and . _ @ -");
    subparser
        .addArgument("--role")
        .choices(Arrays.stream(Role.values()).map(Role::code).toList())
        .setDefault(Role.OPERATOR.code())
        .help("a viewer changes nothing (default: operator)");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws IOException {
    String password = new HiddenPrompt(in, System.err).read();
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      throw new IOException("the password must have " + SHORTEST + " characters or more");
    }
    if (password.getBytes(StandardCharsets.UTF_8).length > ConsoleUsers.MAX_PASSWORD_BYTES) {
      throw new IOException(
          "the password may have " + ConsoleUsers.MAX_PASSWORD_BYTES + " bytes at most");
    }
    String entry =
        namespace.getString("user")
            + ":"
            + namespace.getString("role")
            + ":"
            + ConsoleUsers.hash(password);
    ConsoleUsers.parse(entry);
    out.println(entry);
  }

  /** A line instead of a stack trace; the exit status says the same. */
  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    cli.getStdErr().println(e.getMessage() == null ? e.toString() : e.getMessage());
  }
}
