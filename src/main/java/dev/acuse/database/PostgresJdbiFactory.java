package dev.acuse.database;

import com.codahale.metrics.jdbi3.strategies.DefaultNameStrategy;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.jdbi3.JdbiFactory;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/** Makes {@link Jdbi}s whose transactions are {@link ReadCommitted}. */
public final class PostgresJdbiFactory extends JdbiFactory {
  private final ReadCommitted isolation;

  /**
   * @param isolation learns the server's default
   */
  public PostgresJdbiFactory(ReadCommitted isolation) {
    // One metric for all statements: a method of a SQL object would have one of its own.
    super(DefaultNameStrategy.CONSTANT_SQL_RAW);
    this.isolation = isolation;
  }

  @Override
  protected Jdbi newInstance(ManagedDataSource dataSource) {
    ConnectionFactory connections = () -> isolation.guard(dataSource.getConnection());
    return Jdbi.create(connections);
  }

  /** Has every statement that fails looked at. */
  public Jdbi watch(Jdbi jdbi) {
    return FailureWatch.of(jdbi, this::note);
  }

  private void note(SQLException failure) {
    if (DatabaseTrouble.isSerializationFailure(failure)) {
      isolation.onConflict();
    }
  }
}
