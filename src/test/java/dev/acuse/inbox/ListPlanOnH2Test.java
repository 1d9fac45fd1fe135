package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.TestDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A page of a list reads about as many rows as it shows, on H2 too, however many there are. */
class ListPlanOnH2Test {
  private static final int ROWS = 5_000;
  private static final int PAGE = 50;
  private static final Pattern SCANNED = Pattern.compile("scanCount: ([0-9]+)");

  /** As H2 prints a statement: its text, and then its values by their numbers. */
  private static final Pattern PRINTED = Pattern.compile("(?s)prep[0-9]+: (.*?)( \\{1: (.*)})?");

  private static final Pattern NEXT = Pattern.compile(", (?=[0-9]+: )");

  private static TestDatabase database;
  private static List<String> executed;

  @BeforeAll
  static void fill() {
    database = TestDatabase.open(Engine.H2);
    Events.insert(database.jdbi(), ROWS, EventStatus.SUCCESS, Instant.now());
    Events.insert(database.jdbi(), ROWS, EventStatus.FAILED, Instant.now());
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  INSERT INTO effects (account_id, family, kind, target, name, wanted, generation,
                    state, created_at, updated_at)
                  SELECT 1, 'standing', 'tag', 'contact-' || n, 'cliente', 'present', 1,
                    CASE WHEN MOD(n, 2) = 0 THEN 'done' ELSE 'failed' END, now(), now()
                  FROM SYSTEM_RANGE(1, ?) AS numbers (n)
                  """,
                  ROWS);
              handle.execute(
                  """
                  INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id,
                    created_at)
                  SELECT id, 'payment:' || id, 'approved', 0, 1, now() FROM effects
                  """);
              handle.execute("ANALYZE");
            });
    executed = new ArrayList<>();
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                try {
                  executed.add(context.getStatement().unwrap(java.sql.Statement.class).toString());
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @TestFactory
  Stream<DynamicTest> everyListReadsWhatItShows() {
    var events = new EventReader(database.jdbi(), InstantSource.system());
    var effects = new EffectReader(database.jdbi());
    Scope scope = Scope.everything();
    Map<String, Runnable> lists = new LinkedHashMap<>();
    for (EventFilter filter :
        List.of(
            EventFilter.ALL,
            EventFilter.ALL.withStatus(EventStatus.SUCCESS),
            EventFilter.ALL.withStatus(EventStatus.FAILED))) {
      lists.put("events " + filter.status(), () -> events.page(scope, filter, null, PAGE));
      lists.put("later events " + filter.status(), () -> events.page(scope, filter, 900L, PAGE));
    }
    for (EffectFilter filter :
        List.of(
            EffectFilter.ALL,
            EffectFilter.ALL.ofAccount(1L),
            EffectFilter.ALL.withKind(EffectKind.TAG),
            EffectFilter.ALL.withKind(EffectKind.FIND_CONTACT),
            EffectFilter.ALL.withState(EffectState.DONE),
            EffectFilter.ALL.withState(EffectState.FAILED).withKind(EffectKind.TAG),
            EffectFilter.ALL.wantedBy(Set.of(Subject.payment(7), Subject.checkout(7))))) {
      lists.put(filter.toString(), () -> effects.page(scope, filter, null, PAGE));
    }
    lists.put("states", () -> effects.statesBySubject(scope, Set.of(Subject.payment(7))));
    return lists.entrySet().stream()
        .map(list -> DynamicTest.dynamicTest(list.getKey(), () -> readsFew(list.getValue())));
  }

  private static void readsFew(Runnable list) {
    executed.clear();
    list.run();
    List<String> asked = List.copyOf(executed);
    assertThat(asked).isNotEmpty();
    for (String printed : asked) {
      String sql = sql(printed);
      String plan =
          database
              .jdbi()
              .withHandle(
                  handle -> handle.createQuery("EXPLAIN ANALYZE " + sql).mapTo(String.class).one());
      Matcher scanned = SCANNED.matcher(plan);
      while (scanned.find()) {
        assertThat(Long.parseLong(scanned.group(1))).as(plan).isLessThanOrEqualTo(PAGE + 10);
      }
    }
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
