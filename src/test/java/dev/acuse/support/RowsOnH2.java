package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/** How many rows H2 goes through for what is asked of a database, by its own count. */
public final class RowsOnH2 {
  private static final Pattern SCANNED = Pattern.compile("scanCount: ([0-9]+)");

  /** As H2 prints a statement: its text, and then its values by their numbers. */
  private static final Pattern PRINTED = Pattern.compile("(?s)prep[0-9]+: (.*?)( \\{1: (.*)})?");

  private static final Pattern NEXT = Pattern.compile(", (?=[0-9]+: )");

  private final Jdbi jdbi;
  private final List<String> executed = new ArrayList<>();

  /** Sees every statement of this database from now on. */
  public RowsOnH2(TestDatabase database) {
    this.jdbi = database.jdbi();
    jdbi.setSqlLogger(
        new SqlLogger() {
          @Override
          public void logBeforeExecution(StatementContext context) {
            try {
              executed.add(context.getStatement().unwrap(Statement.class).toString());
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          }
        });
  }

  /** Fails if one of the selects goes through more rows than this, or if there is none. */
  public void assertAtMost(long rows, Runnable asking) {
    executed.clear();
    asking.run();
    List<String> asked = executed.stream().map(RowsOnH2::sql).filter(RowsOnH2::isSelect).toList();
    assertThat(asked).isNotEmpty();
    for (String sql : asked) {
      String plan =
          jdbi.withHandle(
              handle -> handle.createQuery("EXPLAIN ANALYZE " + sql).mapTo(String.class).one());
      Matcher scanned = SCANNED.matcher(plan);
      while (scanned.find()) {
        assertThat(Long.parseLong(scanned.group(1))).as(plan).isLessThanOrEqualTo(rows);
      }
    }
  }

  private static boolean isSelect(String sql) {
    return sql.stripLeading().startsWith("SELECT");
  }

  /** With the values in the place of the question marks. */
  private static String sql(String printed) {
    Matcher statement = PRINTED.matcher(printed);
    assertThat(statement.matches()).as(printed).isTrue();
    String sql = statement.group(1);
    if (statement.group(3) == null) {
      return sql;
    }
    for (String value : NEXT.splitAsStream("1: " + statement.group(3)).toList()) {
      sql = sql.replaceFirst("\\?", Matcher.quoteReplacement(value.replaceFirst("^[0-9]+: ", "")));
    }
    return sql;
  }
}
