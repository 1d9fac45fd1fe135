package dev.acuse;

import dev.acuse.doctor.Finding;
import dev.acuse.doctor.Level;
import dev.acuse.doctor.StrayVariables.Stray;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/**
 * {@code check config.yml}: Dropwizard's, which says in a line what its reader can mend; also of
 * what is right as far as it goes, and not set.
 */
final class AcuseCheckCommand extends CheckCommand<AcuseConfiguration> {
  private final Variables variables;
  private final PrintStream out;

  AcuseCheckCommand(AcuseApplication application, PrintStream out) {
    super(application);
    this.variables = application.variables();
    this.out = out;
  }

  @Override
  protected void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config)
      throws Exception {
    super.run(bootstrap, namespace, config);
    FloorCheck.refuse(config);
    String file = namespace.getString("file");
    out.println((file == null ? variables.get(UsualFile.VARIABLE) : file) + " is right.");
    SettingsOf.configuration(config).look().stream()
        .filter(found -> found.level() != Level.OK)
        .map(Finding::text)
        .forEach(out::println);
    variables.strays().stream().map(Stray::sentence).forEach(out::println);
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
