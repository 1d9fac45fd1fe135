package dev.acuse;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.DbCommand;
import java.util.Set;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** {@code db … config.yml}: Dropwizard's, which says in a line what its reader can mend. */
final class AcuseDbCommand extends DbCommand<AcuseConfiguration> {
  static final String NAME = "db";

  /** What it can do, as Dropwizard 5.0 has it. */
  static final Set<String> SUBCOMMANDS =
      Set.of(
          "calculate-checksum",
          "clear-checksums",
          "drop-all",
          "dump",
          "fast-forward",
          "generate-docs",
          "locks",
          "migrate",
          "prepare-rollback",
          "rollback",
          "status",
          "tag",
          "test");

  AcuseDbCommand() {
    super(NAME, AcuseDbCommand::dataSource, AcuseConfiguration.class, "migrations.xml");
  }

  private static PooledDataSourceFactory dataSource(AcuseConfiguration config) {
    Database.beforeUse(config);
    FloorCheck.refuse(config);
    Database.prepareFiles(config);
    return config.database();
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
