package dev.acuse;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** {@code check config.yml}: Dropwizard's, which says in a line what its reader can mend. */
final class AcuseCheckCommand extends CheckCommand<AcuseConfiguration> {
  AcuseCheckCommand(Application<AcuseConfiguration> application) {
    super(application);
  }

  @Override
  protected void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config)
      throws Exception {
    super.run(bootstrap, namespace, config);
    FloorCheck.refuse(config);
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
