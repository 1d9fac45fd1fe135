package dev.acuse.database;

import java.sql.SQLException;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;

/** Shows every statement that fails to one listener, and leaves the logger of before in place. */
public final class FailureWatch implements SqlLogger {
  private final SqlLogger before;
  private final Consumer<SQLException> onFailure;

  private FailureWatch(SqlLogger before, Consumer<SQLException> onFailure) {
    this.before = before;
    this.onFailure = onFailure;
  }

  /**
   * Watches all statements from now on.
   *
   * @param onFailure is called in the thread of the statement
   * @return the same Jdbi
   */
  public static Jdbi of(Jdbi jdbi, Consumer<SQLException> onFailure) {
    SqlLogger before = jdbi.getConfig(SqlStatements.class).getSqlLogger();
    return jdbi.setSqlLogger(new FailureWatch(before, onFailure));
  }

  @Override
  public void logBeforeExecution(StatementContext context) {
    before.logBeforeExecution(context);
  }

  @Override
  public void logAfterExecution(StatementContext context) {
    before.logAfterExecution(context);
  }

  @Override
  public void logException(StatementContext context, SQLException failure) {
    onFailure.accept(failure);
    before.logException(context, failure);
  }
}
