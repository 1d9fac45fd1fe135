package dev.acuse.database;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.util.List;
import java.util.Map;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** A database as the release before this version has left it. */
public final class PastSchema {
  /** The first of this version's migrations; a change's name begins with its migration's. */
  private static final String FIRST = "0020";

  private PastSchema() {}

  /** The changes of this version's migrations, in their order. */
  public static List<String> changes(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      return database
          .jdbi()
          .withHandle(
              handle ->
                  handle
                      .createQuery(
                          """
                          SELECT id FROM databasechangelog WHERE id >= :first
                          ORDER BY orderexecuted
                          """)
                      .bind("first", FIRST)
                      .mapTo(String.class)
                      .list());
    }
  }

  /** Makes an empty database one of the release before. */
  public static void make(TestDatabase database) throws Exception {
    int count =
        (int)
            KnownChanges.of(database.engine() == Engine.H2).stream()
                .filter(change -> change.id().compareTo(FIRST) < 0)
                .count();
    update(database, count);
  }

  /** Makes the next change. */
  public static void makeOneMore(TestDatabase database) throws Exception {
    update(database, 1);
  }

  private static void update(TestDatabase database, int count) throws Exception {
    try (var connection = database.dataSource().getConnection()) {
      var target =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      Scope.child(
          Map.of(Scope.Attr.ui.name(), new LoggerUIService()),
          () -> {
            var liquibase =
                new Liquibase("migrations.xml", new ClassLoaderResourceAccessor(), target);
            liquibase.setShowSummary(UpdateSummaryEnum.OFF);
            liquibase.update(count, new Contexts(), new LabelExpression());
          });
      connection.setAutoCommit(true);
    }
  }
}
