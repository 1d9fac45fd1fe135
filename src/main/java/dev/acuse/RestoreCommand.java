package dev.acuse;

import dev.acuse.process.SetupException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** {@code restore config.yml FILE}: puts a backup in the place of this installation (H2). */
final class RestoreCommand extends ConfiguredCommand<AcuseConfiguration> {
  private final PrintStream out;
  private final InstantSource clock;

  RestoreCommand(PrintStream out, InstantSource clock) {
    super("restore", "Puts a backup in the place of this installation (H2)");
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void configure(Subparser subparser) {
    super.configure(subparser);
    subparser.addArgument("backup").metavar("FILE").help("what the command backup has written");
    subparser
        .addArgument("--replace")
        .action(Arguments.storeTrue())
        .help("move what is there aside first");
  }

  @Override
  protected void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config) {
    if (!config.isH2()) {
      throw new SetupException(
          "database.url (DATABASE_URL) leads to PostgreSQL: pg_restore restores it, and the spool's"
              + " files go back into intake.spool.folder (ACUSE_SPOOL_DIR); docs/how-to/backup.md has"
              + " the order");
    }
    out.println(
        Backups.restore(config, clock)
            .run(file(namespace.getString("backup")), namespace.getBoolean("replace")));
  }

  private static Path file(String name) {
    try {
      return Path.of(name).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new SetupException("FILE is no path of a file", e);
    }
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
