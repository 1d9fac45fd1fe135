package dev.acuse;

import dev.acuse.admin.ApplicationTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.audit.AuditTrail;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** {@code application add|list|remove|set}: applications at MercadoPago. */
final class ApplicationCommand extends SettingsCommand {
  static final String NAME = ApplicationTask.NAME;
  static final Set<String> SUBCOMMANDS = Set.of("add", "list", "remove", "set");

  private final SecretArguments secrets;

  /**
   * @param environment a variable's value; null if it is not set
   */
  ApplicationCommand(
      InputStream in,
      PrintStream out,
      PrintStream err,
      UnaryOperator<@Nullable String> environment) {
    super(NAME, "Adds, changes, lists and removes applications", SUBCOMMANDS, out);
    this.secrets = new SecretArguments(in, err, environment);
  }

  @Override
  void configure(String subcommand, Subparser subparser) {
    if (subcommand.equals("list")) {
      AccountCommand.addAll(subparser, "the removed too");
      return;
    }
    subparser.addArgument("name").metavar("NAME").help("a-z, 0-9 and -, at most 32");
    if (subcommand.equals("remove")) {
      return;
    }
    subparser.addArgument("--client-id").metavar("ID").help("MercadoPago's id of it");
    SecretArguments.add(subparser, "client-secret", "the client secret");
    SecretArguments.add(
        subparser,
        "webhook-secrets",
        "all secrets that may sign webhooks, the newest first, with blanks between them");
    if (subcommand.equals("set")) {
      AccountCommand.addRemove(subparser, ApplicationTask.REMOVABLE);
    }
  }

  @Override
  Map<String, String> parameters(String subcommand, Namespace namespace) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    put(namespace, "name", parameters);
    put(namespace, "client_id", parameters);
    secrets.put(namespace, "client_secret", parameters);
    secrets.put(namespace, "webhook_secrets", parameters);
    AccountCommand.putListed(namespace, parameters);
    return parameters;
  }

  @Override
  ApplicationTask task(Environment environment, Database database, AcuseConfiguration config) {
    Desk desk =
        Desk.of(
            AccountsSetUp.ofCommand(config, environment, database),
            database,
            new AuditTrail(database.jdbi(), database.clock()));
    return new ApplicationTask(desk.accounts(), new TaskStatus());
  }
}
