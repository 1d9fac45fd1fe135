package dev.acuse;

import dev.acuse.admin.NoServiceException;
import dev.acuse.admin.OperatorTask;
import dev.acuse.admin.OperatorTask.Parameters;
import dev.acuse.http.ProblemException;
import dev.acuse.logging.FatalErrorWatch;
import dev.acuse.process.SetupException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * A command about settings that the database holds. The running service does it by a task of its
 * admin port, because it has the H2 file open; where none runs, the command runs the same task
 * itself.
 */
abstract class SettingsCommand extends ConfiguredCommand<AcuseConfiguration> {
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final String SUBCOMMAND = "subcommand";
  private static final int OK = 200;

  private final Set<String> subcommands;
  private final PrintStream out;

  /**
   * @param name the task's too
   * @param subcommands the values of the task's parameter {@code do}
   */
  SettingsCommand(String name, String description, Set<String> subcommands, PrintStream out) {
    super(name, description);
    this.subcommands = subcommands;
    this.out = out;
  }

  /** Adds the arguments of a subcommand, but for the configuration's file, which comes last. */
  abstract void configure(String subcommand, Subparser subparser);

  /** What the task needs to know beside what is to be done. */
  abstract Map<String, String> parameters(String subcommand, Namespace namespace)
      throws IOException;

  /**
   * The task, for where no service runs.
   *
   * @param environment with which what it needs begins and ends
   */
  abstract OperatorTask task(Environment environment, Database database, AcuseConfiguration config);

  @Override
  public final void configure(Subparser subparser) {
    Subparsers all = subparser.addSubparsers().dest(SUBCOMMAND).title("commands").metavar("do");
    for (String subcommand : subcommands.stream().sorted().toList()) {
      Subparser one = all.addParser(subcommand);
      configure(subcommand, one);
      addFileArgument(one);
    }
  }

  /** Dropwizard looks for it among the parameters of the type, of which there is another. */
  @Override
  protected final Class<AcuseConfiguration> getConfigurationClass() {
    return AcuseConfiguration.class;
  }

  /** Which accounts: each by its name, or all. */
  static void addAccounts(Subparser subparser) {
    subparser
        .addArgument("--account")
        .action(Arguments.append())
        .metavar("NAME")
        .help("an account; again for each more");
    subparser
        .addArgument("--all-accounts")
        .action(Arguments.storeTrue())
        .help("all accounts, those that are yet to be made as well");
  }

  /** Puts the accounts of {@link #addAccounts} among the parameters, if any are named. */
  static void putAccounts(Namespace namespace, Map<String, String> parameters) {
    List<String> names = namespace.getList("account");
    boolean all = Boolean.TRUE.equals(namespace.getBoolean("all_accounts"));
    if (all && names != null) {
      throw new SetupException("--account and --all-accounts exclude each other");
    }
    if (all) {
      parameters.put("accounts", "*");
    } else if (names != null) {
      parameters.put("accounts", String.join(",", names));
    }
  }

  /** Puts an argument among the parameters, if it is given. */
  static void put(Namespace namespace, String name, Map<String, String> parameters) {
    String value = namespace.getString(name);
    if (value != null) {
      parameters.put(name, value);
    }
  }

  @Override
  protected final void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config)
      throws Exception {
    String subcommand = namespace.getString(SUBCOMMAND);
    Map<String, String> parameters = new TreeMap<>(parameters(subcommand, namespace));
    parameters.put("do", subcommand);
    try {
      ask(config, parameters);
    } catch (NoServiceException e) {
      out.println(alone(bootstrap, config, new Parameters(parameters)));
    }
  }

  private void ask(AcuseConfiguration config, Map<String, String> parameters) {
    List<String> said = new ArrayList<>();
    int status = AdminAddress.service(config).run(getName(), parameters, said::add, SILENCE);
    String text = String.join("\n", said);
    if (status != OK) {
      throw new SetupException(text.isBlank() ? "the service answered " + status : text);
    }
    out.println(text);
  }

  private String alone(
      Bootstrap<AcuseConfiguration> bootstrap, AcuseConfiguration config, Parameters parameters)
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
    Database database = Database.open(config, environment, false, AcuseApplication::exit);
    OperatorTask task = task(environment, database, config);
    var container = new ContainerLifeCycle();
    environment.lifecycle().attach(container);
    container.start();
    try {
      return task.perform(parameters);
    } catch (ProblemException e) {
      throw new SetupException(e.detail(), e);
    } finally {
      container.stop();
    }
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
