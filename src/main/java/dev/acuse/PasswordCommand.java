package dev.acuse;

import dev.acuse.access.AccessRole;
import dev.acuse.access.Passwords;
import dev.acuse.console.session.ConsoleUsers;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code password}: prints what {@code ACUSE_CONSOLE_USERS} needs for one user of the console. The
 * password is asked for, or read from the first line of the input; as an argument it would stand in
 * the list of processes.
 */
final class PasswordCommand extends Command {
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
        .choices(List.of(AccessRole.VIEWER.code(), AccessRole.OPERATOR.code()))
        .setDefault(AccessRole.OPERATOR.code())
        .help("a viewer changes nothing (default: operator)");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws IOException {
    String password = new HiddenPrompt(in, System.err).read();
    String fault = Passwords.fault(password);
    if (!fault.isEmpty()) {
      throw new IOException("the password " + fault);
    }
    String entry =
        namespace.getString("user")
            + ":"
            + namespace.getString("role")
            + ":"
            + Passwords.hash(password);
    ConsoleUsers.parse(entry);
    out.println(entry);
  }

  /** A line instead of a stack trace; the exit status says the same. */
  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    cli.getStdErr().println(e.getMessage() == null ? e.toString() : e.getMessage());
  }
}
