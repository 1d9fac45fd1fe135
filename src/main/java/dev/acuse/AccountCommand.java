package dev.acuse;

import dev.acuse.admin.AccountTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.audit.AuditTrail;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** {@code account add|list|pause|remove|resume|set|test}: sellers with their credentials. */
final class AccountCommand extends SettingsCommand {
  static final String NAME = AccountTask.NAME;
  static final Set<String> SUBCOMMANDS =
      Set.of("add", "list", "pause", "remove", "resume", "set", "test");

  private static final Set<String> CHANGING = Set.of("add", "set");

  private final SecretArguments secrets;

  /**
   * @param environment a variable's value; null if it is not set
   */
  AccountCommand(
      InputStream in,
      PrintStream out,
      PrintStream err,
      UnaryOperator<@Nullable String> environment) {
    super(NAME, "Adds, changes, lists, tests and removes accounts", SUBCOMMANDS, out);
    this.secrets = new SecretArguments(in, err, environment);
  }

  @Override
  void configure(String subcommand, Subparser subparser) {
    if (subcommand.equals("list")) {
      addAll(subparser, "the disconnected too");
      return;
    }
    subparser.addArgument("name").metavar("NAME").help("a-z, 0-9 and -, at most 32");
    boolean tests = subcommand.equals("test");
    if (tests || CHANGING.contains(subcommand)) {
      subparser.addArgument("--mp-user-id").metavar("ID").help("the seller's id at MercadoPago");
      subparser.addArgument("--location-id").metavar("ID").help("the sub-account at GoHighLevel");
      SecretArguments.add(subparser, "access-token", "the access token of MercadoPago");
      SecretArguments.add(subparser, "crm-token", "the token of GoHighLevel");
    }
    if (CHANGING.contains(subcommand)) {
      subparser.addArgument("--display-name").metavar("TEXT").help("what people read");
      subparser.addArgument("--application").metavar("NAME").help("whose webhooks are its");
      subparser.addArgument("--site").metavar("SITE").help("the country's, such as MLA");
      SecretArguments.add(subparser, "refresh-token", "what renews the access token");
    }
    if (subcommand.equals("set")) {
      addRemove(subparser, AccountTask.REMOVABLE);
    }
  }

  /** Adds what has a list show all. */
  static void addAll(Subparser subparser, String help) {
    subparser.addArgument("--all").action(Arguments.storeTrue()).help(help);
  }

  /** Adds what empties fields. */
  static void addRemove(Subparser subparser, Set<String> fields) {
    subparser
        .addArgument("--remove")
        .action(Arguments.append())
        .choices(fields.stream().sorted().toList())
        .help("empties a field; again for each more");
  }

  /** Puts what {@link #addAll} and {@link #addRemove} have added among the parameters. */
  static void putListed(Namespace namespace, Map<String, String> parameters) {
    if (Boolean.TRUE.equals(namespace.getBoolean("all"))) {
      parameters.put("all", "true");
    }
    List<String> removed = namespace.getList("remove");
    if (removed != null) {
      parameters.put("remove", String.join(",", removed));
    }
  }

  @Override
  Map<String, String> parameters(String subcommand, Namespace namespace) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    for (String field :
        List.of("name", "display_name", "application", "mp_user_id", "site", "location_id")) {
      put(namespace, field, parameters);
    }
    for (String secret : List.of("access_token", "refresh_token", "crm_token")) {
      secrets.put(namespace, secret, parameters);
    }
    putListed(namespace, parameters);
    return parameters;
  }

  @Override
  AccountTask task(Environment environment, Database database, AcuseConfiguration config) {
    Clock clock = Clock.systemUTC();
    Desk desk =
        Desk.of(
            AccountsSetUp.ofCommand(config, environment, database),
            database,
            new AuditTrail(database.jdbi(), database.clock()));
    return new AccountTask(
        desk.accounts(),
        Desk.check(
            config,
            config.mercadoPago().buildClient(environment, clock),
            config.goHighLevel().buildClient(environment, clock)),
        new TaskStatus());
  }
}
