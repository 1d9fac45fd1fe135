package dev.acuse;

import dev.acuse.access.AccessRole;
import dev.acuse.access.KeyStore;
import dev.acuse.admin.KeyTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.audit.AuditTrail;
import dev.acuse.desk.KeyRotation;
import io.dropwizard.core.setup.Environment;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code key add|list|revoke}: the keys of the API; and {@code key rotate}: seals the secrets of
 * accounts anew.
 */
final class KeyCommand extends SettingsCommand {
  static final String NAME = KeyTask.NAME;
  static final Set<String> SUBCOMMANDS = Set.of("add", "list", "revoke", "rotate");

  KeyCommand(PrintStream out) {
    super(NAME, "Makes, lists and revokes keys of the API; seals secrets anew", SUBCOMMANDS, out);
  }

  @Override
  void configure(String subcommand, Subparser subparser) {
    if (subcommand.equals("list") || subcommand.equals("rotate")) {
      return;
    }
    subparser.addArgument("name").metavar("NAME").help("letters, digits and . _ @ -");
    if (subcommand.equals("add")) {
      subparser
          .addArgument("--role")
          .required(true)
          .choices(AccessRole.OF_KEYS.stream().map(AccessRole::keyCode).toList())
          .help("read looks, write acts too, admin sets up, link only makes payment links");
      addAccounts(subparser);
      subparser
          .addArgument("--expires")
          .metavar("WHEN")
          .help("a duration such as 90d, or a time as in RFC 3339; by default it does not");
    }
  }

  @Override
  Map<String, String> parameters(String subcommand, Namespace namespace) {
    Map<String, String> parameters = new HashMap<>();
    put(namespace, "name", parameters);
    put(namespace, "role", parameters);
    put(namespace, "expires", parameters);
    putAccounts(namespace, parameters);
    return parameters;
  }

  @Override
  KeyTask task(Environment environment, Database database, AcuseConfiguration config) {
    AccountsSetUp accounts = AccountsSetUp.ofCommand(config, environment, database);
    var keys = new KeyStore(database.jdbi(), database.clock(), accounts.live());
    var rotation =
        new KeyRotation(accounts.store(), new AuditTrail(database.jdbi(), database.clock()));
    return new KeyTask(keys, rotation, database.clock(), new TaskStatus());
  }
}
