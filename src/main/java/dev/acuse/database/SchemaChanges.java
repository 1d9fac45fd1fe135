package dev.acuse.database;

import java.sql.Connection;
import java.util.List;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.changelog.ChangeSet;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.jvm.JdbcConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes changes of a schema as an inbox in use needs it: looks for room first, tells how far it is,
 * and waits for locks without holding up those who store webhooks.
 */
public final class SchemaChanges {
  private static final Logger LOGGER = LoggerFactory.getLogger(SchemaChanges.class);

  /** For those who are about to do what cannot be undone. */
  public static final String NO_WAY_BACK =
      "this upgrade has no way back: once its fence stands (0020), older instances go on storing"
          + " webhooks, work none off, and do not start again; a backup from before it is the only"
          + " way to the version before";

  /** With it, versions before cannot work with the database any more. */
  private static final String FENCE = "0020-fence-";

  /** The change that makes the first table. */
  private static final String FIRST = "0001-checkout";

  private SchemaChanges() {}

  /** What has Liquibase make the changes that are still to be made. */
  @FunctionalInterface
  public interface Update {
    /** Makes them; may be called again after it has failed. */
    void run() throws Exception;
  }

  /**
   * Makes changes.
   *
   * @throws UnfitDatabaseException if an H2 file's disk has too little room, or H2 has left a copy
   *     of a table that may have the only rows; nothing is changed
   * @throws Exception if the database is out of reach, refuses a change, is locked by another
   *     process that migrates, or a table is locked for more than ten minutes
   */
  public static void make(Liquibase liquibase, Update update) throws Exception {
    Connection connection =
        ((JdbcConnection) liquibase.getDatabase().getConnection()).getUnderlyingConnection();
    boolean isPostgresql = liquibase.getDatabase() instanceof PostgresDatabase;
    if (!isPostgresql && liquibase.listLocks().length > 0) {
      // No other process has the file open: the one that held the lock is dead.
      liquibase.forceReleaseLocks();
    }
    List<ChangeSet> unrun =
        liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression(), false);
    if (isInUse(unrun)) {
      if (!isPostgresql) {
        // A file in which copies were left has grown by them, and has that room inside.
        if (!TableCopies.drop(connection)) {
          UpgradeRoom.check(connection, unrun.stream().map(ChangeSet::getId).toList());
        }
      }
      liquibase.setChangeExecListener(new ChangeProgress(unrun));
      if (isFenceToCome(unrun)) {
        LOGGER.info("{}", NO_WAY_BACK);
      }
    }
    if (isPostgresql) {
      new LockPatience(connection).make(update::run);
    } else {
      update.run();
    }
  }

  /** Whether changes that are still to be made shut older versions out of a database in use. */
  public static boolean fences(Liquibase liquibase) throws Exception {
    List<ChangeSet> unrun =
        liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression(), false);
    return isInUse(unrun) && isFenceToCome(unrun);
  }

  /** A new database holds nothing, and no webhook waits for its tables. */
  private static boolean isInUse(List<ChangeSet> unrun) {
    return unrun.stream().noneMatch(change -> change.getId().equals(FIRST));
  }

  private static boolean isFenceToCome(List<ChangeSet> unrun) {
    return unrun.stream().anyMatch(change -> change.getId().startsWith(FENCE));
  }
}
