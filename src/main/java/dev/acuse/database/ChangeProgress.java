package dev.acuse.database;

import java.time.Duration;
import java.util.List;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.ExecType;
import liquibase.changelog.ChangeSet.RunStatus;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.database.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which change of the schema is being made, because one of a large table takes minutes. Of one
 * thread.
 */
final class ChangeProgress extends AbstractChangeExecListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChangeProgress.class);
  private static final Duration WORTH_TELLING = Duration.ofSeconds(1);

  private final List<String> ids;
  private long beganNanos;

  /**
   * @param unrun the changes that are to be made, in order
   */
  ChangeProgress(List<ChangeSet> unrun) {
    this.ids = unrun.stream().map(ChangeSet::getId).toList();
  }

  @Override
  public void willRun(
      ChangeSet change, DatabaseChangeLog changeLog, Database database, RunStatus status) {
    beganNanos = System.nanoTime();
    int index = ids.indexOf(change.getId());
    LOGGER.info("schema: change {} of {}, {}, begins", index + 1, ids.size(), change.getId());
  }

  @Override
  public void ran(
      ChangeSet change, DatabaseChangeLog changeLog, Database database, ExecType result) {
    Duration taken = Duration.ofNanos(System.nanoTime() - beganNanos);
    if (taken.compareTo(WORTH_TELLING) >= 0) {
      LOGGER.info("schema: {} took {} s", change.getId(), taken.toSeconds());
    }
  }
}
