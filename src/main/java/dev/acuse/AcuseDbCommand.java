package dev.acuse;

import dev.acuse.database.SchemaChanges;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.DbCommand;
import java.io.PrintStream;
import java.util.Set;
import liquibase.Liquibase;
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

  private final PrintStream out;

  /**
   * @param out where it says what a command cannot undo
   */
  AcuseDbCommand(PrintStream out) {
    super(NAME, AcuseDbCommand::dataSource, AcuseConfiguration.class, "migrations.xml");
    this.out = out;
  }

  /** Says beforehand what cannot be undone, and makes changes as a start does. */
  @Override
  public void run(Namespace namespace, Liquibase liquibase) throws Exception {
    String subcommand = namespace.getString("subcommand");
    if ("migrate".equals(subcommand) && !isDryRun(namespace)) {
      if (SchemaChanges.fences(liquibase)) {
        out.println(SchemaChanges.NO_WAY_BACK);
      }
      SchemaChanges.make(liquibase, () -> super.run(namespace, liquibase));
      return;
    }
    super.run(namespace, liquibase);
    if ("status".equals(subcommand) && SchemaChanges.fences(liquibase)) {
      out.println(SchemaChanges.NO_WAY_BACK);
    }
  }

  private static boolean isDryRun(Namespace namespace) {
    return Boolean.TRUE.equals(namespace.getBoolean("dry-run"));
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
