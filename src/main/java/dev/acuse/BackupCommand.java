package dev.acuse;

import dev.acuse.admin.NoServiceException;
import dev.acuse.admin.RunningService;
import dev.acuse.backup.Backup;
import dev.acuse.backup.BackupTask;
import dev.acuse.process.SetupException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code backup config.yml [FILE]}: has the running service write a backup, because that has the H2
 * file open; where none runs, writes it itself.
 */
final class BackupCommand extends ConfiguredCommand<AcuseConfiguration> {
  private static final String TASK = "backup";
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final int GOES_ON = 202;

  private final PrintStream out;
  private final InstantSource clock;

  BackupCommand(PrintStream out, InstantSource clock) {
    super(TASK, "Writes the inbox, its spool and its journal into one file (H2)");
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void configure(Subparser subparser) {
    super.configure(subparser);
    subparser
        .addArgument("backup")
        .nargs("?")
        .metavar("FILE")
        .help("a new file; by default backups/acuse-<time>.zip beside the H2 file");
    subparser
        .addArgument("--to")
        .metavar("FILE")
        .help("the same, where the configuration is not named");
  }

  @Override
  protected void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config) {
    if (!config.isH2()) {
      throw new SetupException(BackupTask.ON_POSTGRESQL);
    }
    String to = namespace.getString("to");
    Path file = file(to == null ? namespace.getString("backup") : to, config);
    try {
      ask(AdminAddress.service(config), file);
    } catch (NoServiceException e) {
      Database.finishRestore(config);
      out.println(Backups.closed(config, clock).take(file));
    }
  }

  private Path file(@Nullable String name, AcuseConfiguration config) {
    try {
      return name == null
          ? Backup.usualFile(Backups.folder(config), clock.instant())
          : Path.of(name).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new SetupException("FILE is no path of a file", e);
    }
  }

  private void ask(RunningService service, Path file) {
    List<String> said = new ArrayList<>();
    int status = GOES_ON;
    while (status == GOES_ON) {
      said.clear();
      status = service.run(TASK, Map.of("file", file.toString()), said::add, SILENCE);
    }
    String text = String.join(" ", said);
    if (status != OK) {
      throw new SetupException("the service made no backup: " + text);
    }
    out.println(text);
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
