package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Claims;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TcpProxy;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import io.dropwizard.jackson.Jackson;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Commits whose outcome this process does not hear of. The clock stands still, so that no lease
 * runs out: what is settled is settled by the process itself.
 */
class UnsettledEndsTest {
  private static final Lanes NO_LIMITS = new Lanes(List.of(), Claims.KINDS);

  private static final int EVENTS = 6;

  private final ManualClock clock = ManualClock.create();
  private final MetricRegistry metrics = new MetricRegistry();

  @Test
  void whatIsCutOffBeforeItsCommitIsRecordedAgain() throws Exception {
    try (var postgres = new Gated("webhook_attempts")) {
      postgres.whileShut(
          () -> {
            postgres.start();
            postgres.awaitCommit();
            postgres.terminate();
          });

      postgres.awaitSuccess();
      postgres.assertTriedOnce();
    }
  }

  @Test
  void whatIsCommittedThoughNothingHereHearsOfItIsFoundRecorded() throws Exception {
    try (var postgres = new Gated("webhook_attempts")) {
      postgres.whileShut(
          () -> {
            postgres.start();
            postgres.awaitCommit();
            postgres.proxy.cut();
          });
      await().until(() -> postgres.database.count("webhook_attempts") > 0);
      postgres.proxy.restore();

      postgres.awaitSuccess();
      postgres.assertTriedOnce();
    }
  }

  @Test
  void aClaimThatIsCommittedThoughNothingHereHearsOfItIsDropped() throws Exception {
    try (var postgres = new Gated("webhook_leases")) {
      postgres.whileShut(
          () -> {
            postgres.start();
            postgres.awaitCommit();
            postgres.proxy.cut();
          });
      await().until(() -> postgres.database.count("webhook_leases") > 0);
      postgres.proxy.restore();

      postgres.awaitSuccess();
      postgres.assertTriedOnce();
    }
  }

  @Test
  void aBatchSettlesWhatItsConnectionsLeftOpen() throws Exception {
    try (var postgres = new Gated("webhook_attempts")) {
      try (BatchRunner batch = postgres.batch()) {
        var work = new Thread(() -> batch.runDue(EVENTS));
        postgres.whileShut(
            () -> {
              work.start();
              postgres.awaitCommit();
              postgres.terminate();
            });
        work.join(Duration.ofMinutes(1).toMillis());
      }

      postgres.awaitSuccess();
      postgres.assertTriedOnce();
    }
  }

  @Test
  void onH2AnEndThatWaitedInVainForALockIsRecordedLater() throws Exception {
    TestDatabase database = TestDatabase.open(Engine.H2);
    database.jdbi().useHandle(handle -> handle.execute("SET DEFAULT_LOCK_TIMEOUT 50"));
    try (var h2 = new Work(database, database.jdbi())) {
      h2.append();
      try (Connection other = database.dataSource().getConnection()) {
        other.setAutoCommit(false);
        try (var statement = other.createStatement()) {
          statement.execute("SELECT id FROM webhook_events FOR UPDATE");
          h2.dispatcher.start();
          await().until(h2.runner::hasUnsettled);
        }
        other.rollback();
      }

      h2.awaitSuccess();
      h2.assertTriedOnce();
    }
  }

  /** A dispatcher whose handler is done with everything. */
  private class Work implements AutoCloseable {
    final TestDatabase database;
    private final EventStore store;
    private final EventReader reader;
    final AttemptRunner runner;
    final DispatchConfiguration config;
    final Dispatcher dispatcher;

    /**
     * @param connections of the dispatcher's
     */
    Work(TestDatabase database, Jdbi connections) throws Exception {
      this.database = database;
      store = new EventStore(connections, clock, 4);
      reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
      config =
          Jackson.newObjectMapper()
              .readValue(
                  """
                  {"workers": 4, "pollInterval": "20ms", "shutdownGracePeriod": "1s",
                   "lease": "60s"}
                  """,
                  DispatchConfiguration.class);
      var policy = new RetryPolicy(config.retryDelays(), Duration.ZERO, new Random(1));
      runner =
          new AttemptRunner(
              store, Handlers.all(new Done()), NO_LIMITS, event -> policy, clock, metrics);
      dispatcher = new Dispatcher(store, runner, NO_LIMITS, config, "me", metrics);
    }

    void append() {
      var direct = new EventStore(database.jdbi(), clock, 4);
      for (int i = 0; i < EVENTS; i++) {
        direct.append(Events.pending("event-" + i));
      }
    }

    BatchRunner batch() {
      return new BatchRunner(store, runner, NO_LIMITS, config, "me");
    }

    void awaitSuccess() {
      await()
          .untilAsserted(
              () ->
                  assertThat(reader.countByStatus(Scope.everything()))
                      .containsEntry(EventStatus.SUCCESS, (long) EVENTS));
    }

    void assertTriedOnce() {
      for (long id = 1; id <= EVENTS; id++) {
        assertThat(reader.find(Scope.everything(), id).orElseThrow().attempts()).isEqualTo(1);
        assertThat(reader.attempts(Scope.everything(), id))
            .extracting(Attempt::outcome)
            .containsExactly(AttemptOutcome.SUCCESS);
      }
      await().until(() -> database.count("webhook_leases") == 0);
      await().until(() -> metrics.counter("acuse.attempts.success").getCount() == EVENTS);
      assertThat(metrics.counter("acuse.attempts.fenced").getCount()).isZero();
      assertThat(metrics.counter("acuse.leases.rescued").getCount()).isZero();
    }

    @Override
    public void close() {
      try {
        dispatcher.stop();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      database.close();
    }
  }

  private static final class Done implements Handlers.Work {
    @Override
    public Outcome handle(WebhookEvent event, AttemptLog log) {
      return Outcome.done();
    }
  }

  /** On a PostgreSQL whose commits of inserts into one table wait for a gate. */
  private final class Gated extends Work {
    final TcpProxy proxy;

    Gated(String table) throws Exception {
      this(TestDatabase.open(Engine.POSTGRESQL), table);
    }

    private Gated(TestDatabase database, String table) throws Exception {
      this(database, new TcpProxy(uri(database).getPort()), table);
    }

    private Gated(TestDatabase database, TcpProxy proxy, String table) throws Exception {
      super(database, through(database, proxy));
      this.proxy = proxy;
      append();
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute(
                    "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$");
                handle.execute(
                    "CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON "
                        + table
                        + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate()");
              });
    }

    private static URI uri(TestDatabase database) {
      return URI.create(database.url().substring("jdbc:".length()));
    }

    private static Jdbi through(TestDatabase database, TcpProxy proxy) throws SQLException {
      var dataSource = new PGSimpleDataSource();
      dataSource.setURL(
          database.url().replace(":" + uri(database).getPort() + "/", ":" + proxy.port() + "/"));
      return Jdbi.create(dataSource).installPlugin(new AcuseJdbiPlugin());
    }

    void start() {
      dispatcher.start();
    }

    /** Has the gate shut for as long as this runs. */
    void whileShut(Runnable steps) throws SQLException {
      try (Connection gate = DriverManager.getConnection(database.url());
          var statement = gate.createStatement()) {
        statement.execute("SELECT pg_advisory_lock(1)");
        steps.run();
      }
    }

    /** A commit is at the gate. */
    void awaitCommit() {
      await().until(() -> database.count(AT_THE_GATE) > 0);
    }

    /** Ends the connections whose commits are at the gate. */
    void terminate() {
      database
          .jdbi()
          .useHandle(
              handle -> handle.execute("SELECT pg_terminate_backend(pid) FROM " + AT_THE_GATE));
    }

    private static final String AT_THE_GATE =
        "pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'";

    @Override
    public void close() {
      proxy.restore();
      super.close();
      proxy.close();
    }
  }
}
