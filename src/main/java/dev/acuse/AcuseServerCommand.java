package dev.acuse;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code server config.yml}: Dropwizard's, which says in a line what its reader can mend. */
class AcuseServerCommand extends ServerCommand<AcuseConfiguration> {
  private static final Logger LOGGER = LoggerFactory.getLogger(AcuseServerCommand.class);

  private final Variables variables;

  AcuseServerCommand(AcuseApplication application) {
    super(application);
    this.variables = application.variables();
  }

  /** One of another name that serves as well. */
  AcuseServerCommand(AcuseApplication application, String name, String description) {
    super(application, name, description);
    this.variables = application.variables();
  }

  /** Ports are tried first: to find one in use when all else has begun takes seconds. */
  @Override
  protected void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config)
      throws Exception {
    Ports.check(config.getServerFactory());
    variables.strays().forEach(stray -> LOGGER.warn("{}", stray.sentence()));
    super.run(bootstrap, namespace, config);
  }

  /** As Dropwizard's, which would log a stack trace of what is told in a line as well. */
  @Override
  protected void run(Environment environment, Namespace namespace, AcuseConfiguration config)
      throws Exception {
    Server server = config.getServerFactory().build(environment);
    server.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStopped(LifeCycle event) {
            cleanup();
          }
        });
    cleanupAsynchronously();
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw e;
    }
    new Thread(() -> join(server), "dw-awaiter").start();
  }

  // What a server that has not started throws when it is stopped says nothing new.
  @SuppressWarnings("CatchingUnchecked")
  private void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      LOGGER.debug("a server that has not started could not be stopped", e);
    }
    cleanup();
  }

  private static void join(Server server) {
    try {
      server.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
