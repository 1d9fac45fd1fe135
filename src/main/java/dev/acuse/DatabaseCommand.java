package dev.acuse;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.logging.FatalErrorWatch;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/** A command that works on the inbox as the service does, and serves nobody. */
abstract class DatabaseCommand extends ConfiguredCommand<AcuseConfiguration> {
  private final String task;
  private final String notDone;
  private final Runnable onBroken;

  /**
   * @param task of the admin port, for those whose server has the H2 file open
   * @param notDone what a database out of reach leaves undone, as a sentence
   * @param onBroken told when an H2 file is of no more use to this process
   */
  DatabaseCommand(String name, String description, String task, String notDone, Runnable onBroken) {
    super(name, description);
    this.task = task;
    this.notDone = notDone;
    this.onBroken = onBroken;
  }

  /** Does its work; connections and clients are closed afterwards, as the service closes them. */
  abstract void run(
      Namespace namespace, AcuseConfiguration config, Database database, Processing processing)
      throws Exception;

  @Override
  protected final void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config)
      throws Exception {
    var environment =
        new Environment(
            getName(),
            bootstrap.getObjectMapper(),
            bootstrap.getValidatorFactory(),
            bootstrap.getMetricRegistry(),
            bootstrap.getClassLoader(),
            bootstrap.getHealthCheckRegistry(),
            config);
    FatalErrorWatch.install();
    Database database = Database.open(config, environment, false, onBroken);
    AccountsSetUp accounts = AccountsSetUp.ofCommand(config, environment, database);
    Processing processing = Processing.of(config, environment, database, accounts.live());
    var container = new ContainerLifeCycle();
    environment.lifecycle().attach(container);
    container.start();
    try {
      CarryOver.of(config, database, processing).run();
      run(namespace, config, database, processing);
    } finally {
      container.stop();
    }
  }

  /** A line instead of a stack trace where the reader can do something about it. */
  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    if (DatabaseTrouble.isFileInUse(e)) {
      cli.getStdErr()
          .println(
              "The H2 file is open in another process: a server is running, and does this by"
                  + " itself. To have it done now, use the admin port's task:\n"
                  + "  curl -X POST http://localhost:${ADMIN_PORT:-8081}/tasks/"
                  + task);
    } else if (DatabaseTrouble.isOutage(e) && !DatabaseTrouble.isMisconfiguration(e)) {
      cli.getStdErr().println("The database is out of reach; " + notDone);
    } else {
      Mistakes.print(cli, e);
    }
  }
}
