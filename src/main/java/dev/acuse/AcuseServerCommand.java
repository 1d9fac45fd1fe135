package dev.acuse;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.database.Schema;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** {@code server config.yml}: Dropwizard's, which says in a line what its reader can mend. */
final class AcuseServerCommand extends ServerCommand<AcuseConfiguration> {
  AcuseServerCommand(Application<AcuseConfiguration> application) {
    super(application);
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    if (e instanceof StartupMigration.OutdatedException || isDatabaseOfTheOperators(e)) {
      cli.getStdErr().println(e.getMessage());
    } else {
      super.onError(cli, namespace, e);
    }
  }

  /** Out of reach, or not there, or not for this user. */
  private static boolean isDatabaseOfTheOperators(Throwable e) {
    return e instanceof Schema.SchemaException
        && (DatabaseTrouble.isOutage(e) || DatabaseTrouble.isMisconfiguration(e));
  }
}
