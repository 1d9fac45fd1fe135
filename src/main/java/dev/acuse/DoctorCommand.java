package dev.acuse;

import dev.acuse.admin.NoServiceException;
import dev.acuse.admin.RunningService;
import dev.acuse.doctor.DoctorTask;
import dev.acuse.doctor.Level;
import dev.acuse.doctor.Report;
import dev.acuse.process.SetupException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * {@code doctor config.yml}: has the running service look at all there is to look at, because its
 * limits, its environment and the H2 file are the service's. Where none runs, the command looks
 * itself.
 */
final class DoctorCommand extends ConfiguredCommand<AcuseConfiguration> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int DONE = 200;

  private final Variables variables;
  private final PrintStream out;

  DoctorCommand(AcuseApplication application, PrintStream out) {
    super("doctor", "Looks at configuration, database, machine and other systems");
    this.variables = application.variables();
    this.out = out;
  }

  /** Something is wrong: the report was printed, and the status is to say so. */
  private static final class UnwellException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void configure(Subparser subparser) {
    super.configure(subparser);
    subparser
        .addArgument("--json")
        .action(Arguments.storeTrue())
        .help("prints one object of JSON and nothing else");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
    ReadConfiguration.then(bootstrap, config -> config.logging().silence());
    super.run(bootstrap, namespace);
  }

  @Override
  protected void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config)
      throws Exception {
    boolean asJson = namespace.getBoolean("json");
    RunningService service = AdminAddress.service(config);
    String about;
    Report report;
    try {
      report = ask(service);
      about = "The service at %s (Acuse %s) says:".formatted(service.base(), report.version());
    } catch (NoServiceException e) {
      report = lookMyself(bootstrap, config);
      about =
          "No service runs: nothing listens at %s. This command looks itself; limits and variables are its own."
              .formatted(service.base());
    }
    if (asJson) {
      out.println(report.json());
    } else {
      out.println(about);
      report.lines().forEach(out::println);
    }
    if (report.worst() == Level.WRONG) {
      throw new UnwellException();
    }
  }

  private static Report ask(RunningService service) {
    List<String> lines = new ArrayList<>();
    int status =
        service.run(DoctorTask.NAME, Map.of(DoctorTask.JSON, "true"), lines::add, PATIENCE);
    String said = String.join(" ", lines);
    if (status != DONE) {
      throw new SetupException("the service at %s: %s".formatted(service.base(), said));
    }
    try {
      return Report.read(said);
    } catch (IllegalArgumentException e) {
      throw new SetupException(
          "the service at %s answered something else than a report".formatted(service.base()), e);
    }
  }

  private Report lookMyself(Bootstrap<AcuseConfiguration> bootstrap, AcuseConfiguration config)
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
    Clock clock = Clock.systemUTC();
    var checkup =
        new Checkup(config, variables, Checkup.descriptors(config), clock)
            .others(
                config.mercadoPago().buildClient(environment, clock),
                config.goHighLevel().buildClient(environment, clock));
    var container = new ContainerLifeCycle();
    environment.lifecycle().attach(container);
    container.start();
    try (ClosedDatabase database = ClosedDatabase.of(config)) {
      database.addTo(checkup, clock);
      return new Report(ProductVersion.text(), false, checkup.doctor().look());
    } finally {
      container.stop();
    }
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    if (!(e instanceof UnwellException)) {
      Mistakes.print(cli, e);
    }
  }
}
