package dev.acuse.database;

import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.spi.JdbiPlugin;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;

/**
 * Carries an {@link Instant} to and from {@code TIMESTAMP WITH TIME ZONE} as an offset date-time in
 * UTC. JDBI's own way goes through {@code java.sql.Timestamp} and so through the process's time
 * zone, where the hour that a clock change repeats is ambiguous. Also names the array types that
 * our SQL binds, and keeps JDBI from looking for templates in it: there are none, and it would take
 * each statement apart each time. What was bound to a statement that fails is not told: failures
 * are logged, and a payer's address has no place there. JDBI's SQL objects can be used, because
 * their plugin comes with this one.
 */
public final class AcuseJdbiPlugin extends JdbiPlugin.Singleton {

  @Override
  public void customizeJdbi(Jdbi jdbi) {
    jdbi.installPlugin(new SqlObjectPlugin());
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    jdbi.registerArgument(new InstantArgumentFactory());
    jdbi.registerArrayType(Long.class, "bigint");
    jdbi.registerArrayType(String.class, "varchar");
    jdbi.registerColumnMapper(
        Instant.class,
        (ColumnMapper<Instant>)
            (row, column, context) ->
                Timestamps.instant(row.getObject(column, OffsetDateTime.class)));
  }

  private static final class InstantArgumentFactory extends AbstractArgumentFactory<Instant> {
    InstantArgumentFactory() {
      super(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    @Override
    protected Argument build(Instant value, ConfigRegistry config) {
      return (position, statement, context) -> bind(statement, position, value);
    }

    private static void bind(java.sql.PreparedStatement statement, int position, Instant value)
        throws SQLException {
      statement.setObject(position, value.atOffset(ZoneOffset.UTC));
    }
  }
}
