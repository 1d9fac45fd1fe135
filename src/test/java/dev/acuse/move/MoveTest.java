package dev.acuse.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.account.AccountChange;
import dev.acuse.account.AccountStore;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.seal.Keys;
import dev.acuse.database.Schema;
import dev.acuse.database.UnfitDatabaseException;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Files;
import dev.acuse.support.Claims;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.nio.file.Files;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MoveTest {
  private static final int EVENTS = 2_300;

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase source = TestDatabase.open(Engine.H2);
  private final TestDatabase target = TestDatabase.openEmpty(Engine.POSTGRESQL);
  private final List<String> progress = new ArrayList<>();

  /** The server of the tests, which loses nothing that matters, has it off. */
  private void commitSynchronously(String value) {
    String name = one(target.jdbi(), "SELECT current_database()");
    target
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "ALTER DATABASE \"" + name + "\" SET synchronous_commit TO " + value));
  }

  @BeforeEach
  void fill() {
    commitSynchronously("on");
    var store = new EventStore(source.jdbi(), clock, 4);
    Events.insert(source.jdbi(), EVENTS, EventStatus.SUCCESS, clock.instant());
    for (String id : List.of("due", "leased", "gone")) {
      store.append(Events.of(id, "1" + id.length()));
    }
    assertThat(store.claim(Claims.due("me", 1, Duration.ofMinutes(1)))).hasSize(1);
    Desks.of(source.jdbi(), clock, 4).pause("ana");
    source
        .jdbi()
        .useHandle(
            handle -> {
              // The largest id was given to a row that is gone: it must not be given again.
              handle.execute("DELETE FROM webhook_events WHERE webhook_id = 'gone'");
              handle.execute(
                  "UPDATE webhook_events SET query_string = 'a' || CHAR(0) || 'ñ€🙂' WHERE"
                      + " webhook_id = 'due'");
              handle.execute(
                  """
                  INSERT INTO checkouts (external_reference, contact_id, title, amount, currency,
                    status, created_at, updated_at)
                  VALUES ('r', 'c', 't', 1500.5, 'ARS', 'paid', CURRENT_TIMESTAMP,
                    CURRENT_TIMESTAMP)
                  """);
              handle.execute(
                  """
                  INSERT INTO payments (mp_payment_id, checkout_id, status, amount, created_at,
                    updated_at)
                  VALUES ('p', 1, 'approved', 1500.50, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
                  """);
              handle.execute(
                  """
                  INSERT INTO crm_tags (payment_id, contact_id, tag, created_at)
                  VALUES (1, 'c', 'pagado', CURRENT_TIMESTAMP)
                  """);
            });
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private H2Files files() {
    return new H2Files(source.folder().resolve("acuse"));
  }

  private MoveTarget to(TestDatabase database) {
    return new MoveTarget(database.url(), database.user(), Secret.of(database.password()));
  }

  private Move move(Consumer<String> told) {
    return new Move(files(), to(target), clock, told, this::keyHint);
  }

  private @Nullable String keyHint(Connection from) {
    return AccountStore.keyHint(from, new Keys(Secret.NONE, files().key()));
  }

  private String run(Move move) {
    move.prepare();
    return move.run(source.dataSource()::getConnection);
  }

  private void assertMoved() {
    assertThat(target.count("webhook_events")).isEqualTo(EVENTS + 2);
    assertThat(target.count("webhook_leases")).isEqualTo(1);
    assertThat(target.count("crm_tags")).isEqualTo(1);
    assertThat(target.count("information_schema.tables WHERE table_name = 'acuse_move'")).isZero();
    assertThat(MoveNote.read(files().moved())).isNotNull();
  }

  @Test
  void everyRowIsThereAndTheInboxGoesOn() {
    String done = run(move(progress::add));

    assertThat(done)
        .contains("each compared", "Set DATABASE_URL")
        .doesNotContain("password=", "ACUSE_KEY");
    assertMoved();
    assertThat(progress).anyMatch(line -> line.contains("webhook_events: 2302 rows are the same"));
    Jdbi jdbi = target.jdbi();
    assertThat(one(jdbi, "SELECT query_string FROM webhook_events WHERE webhook_id = 'due'"))
        .as("PostgreSQL takes no NUL")
        .isEqualTo("a\uFFFDñ€🙂");
    assertThat(one(jdbi, "SELECT amount FROM payments")).isEqualTo("1500.5000");
    assertThat(Desks.of(jdbi, clock, 4).paused().orElseThrow().pausedBy()).isEqualTo("ana");
    assertThat(one(jdbi, "SELECT event_ids::text FROM webhook_leases"))
        .isEqualTo(one(source.jdbi(), "SELECT '{' || event_ids[1] || '}' FROM webhook_leases"));

    Desks.of(jdbi, clock, 4).resume("ana");
    var store = new EventStore(jdbi, clock, 4);
    store.append(Events.pending("new"));
    assertThat(one(jdbi, "SELECT id FROM webhook_events WHERE webhook_id = 'new'"))
        .as("the id of what is gone is not given again")
        .isEqualTo(String.valueOf(EVENTS + 4));
    clock.advance(Duration.ofMinutes(2));
    assertThat(store.rescueExpired(10).toString()).contains("1");
    assertThat(store.claim(Claims.due("me", 9, Duration.ofMinutes(1)))).hasSize(3);
    assertThat(
            new EventReader(jdbi, clock, TestAccounts.MAIN_ALONE).countByStatus(Scope.everything()))
        .containsEntry(EventStatus.PROCESSING, 3L);
  }

  @Test
  void accountsComeAlongAndTheirKeyIsAskedFor() {
    var environment = new EnvironmentAccount(Secret.NONE, List.of(), "1000", Secret.NONE, null);
    Secret token = Secret.of("a-token-that-is-long-enough");
    new AccountStore(
            source.jdbi(), clock, new Keys(Secret.NONE, files().key()), environment, () -> false)
        .add("b", AccountChange.NONE.withSellerId("2000").withAccessToken(token));

    String done = run(move(progress::add));

    String hint = "set ACUSE_KEY to what " + files().key() + " holds";
    assertThat(done).contains(hint);
    assertThat(progress).anyMatch(line -> line.contains(hint));
    var moved =
        new AccountStore(
            target.jdbi(), clock, new Keys(Secret.NONE, files().key()), environment, () -> false);
    assertThat(moved.load().byName("b").orElseThrow().accessToken().value()).isEqualTo(token);
    assertThat(moved.add("c", AccountChange.NONE.withSellerId("3000")).id()).isEqualTo(3);
  }

  private static String one(Jdbi jdbi, String query) {
    return jdbi.withHandle(handle -> handle.createQuery(query).mapTo(String.class).one());
  }

  @Tag("slow")
  @Test
  void cutOffAnywhereItGoesOnWhereItWas() {
    int cuts = 0;
    boolean through = false;
    while (!through) {
      // Each time a little further: what is compared is compared from its beginning.
      int[] left = {2 + 2 * cuts};
      try {
        run(
            move(
                line -> {
                  progress.add(line);
                  if (left[0]-- == 0) {
                    throw new CutOff();
                  }
                }));
        through = true;
      } catch (CutOff e) {
        cuts++;
        assertThatThrownBy(() -> new Schema(target.dataSource()).judge(true))
            .as("no service starts on half an inbox")
            .isInstanceOf(UnfitDatabaseException.class)
            .hasMessageContaining("has not come to its end");
      }
    }
    assertThat(cuts).isGreaterThan(3);
    assertThat(progress).anyMatch(line -> line.contains("goes on where it was cut off"));
    assertThat(progress).noneMatch(line -> line.contains("begins anew"));
    assertThat(progress).filteredOn("checkouts: copied, 1 rows"::equals).hasSize(1);
    assertMoved();
    assertThat(new Schema(target.dataSource()).judge(true)).isEqualTo(new Schema.State(0, 0));
  }

  private static final class CutOff extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void whatTheInboxHasChangedSinceACutIsNotLeftOut() {
    assertThatThrownBy(
            () ->
                run(
                    move(
                        line -> {
                          if (line.startsWith("webhook_events: copied")) {
                            throw new CutOff();
                          }
                        })))
        .isInstanceOf(CutOff.class);
    // A service starts on the H2 file, and works.
    Moves.beforeUse(files());
    source
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("UPDATE webhook_events SET attempts = 3 WHERE webhook_id = 'due'"));

    run(move(progress::add));

    assertThat(progress).anyMatch(line -> line.contains("it begins anew"));
    assertMoved();
    assertThat(one(target.jdbi(), "SELECT attempts FROM webhook_events WHERE webhook_id = 'due'"))
        .isEqualTo("3");
  }

  @Test
  void aDifferenceIsFound() {
    assertThatThrownBy(
            () ->
                run(
                    move(
                        line -> {
                          if (line.startsWith("webhook_leases: copied")) {
                            target
                                .jdbi()
                                .useHandle(
                                    handle ->
                                        handle.execute(
                                            "UPDATE payments SET status_detail = 'other'"));
                          }
                        })))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("the table payments is not the same")
        .hasMessageContaining("whose values differ");
    assertThat(files().moved()).doesNotExist();
  }

  @Test
  void aTargetThatIsNotEmptyIsRefused() {
    target.jdbi().useHandle(handle -> handle.execute("CREATE TABLE others (id INTEGER)"));
    assertThatThrownBy(() -> run(move(progress::add)))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("is not empty");
    target.jdbi().useHandle(handle -> handle.execute("DROP TABLE others"));
    new Schema(target.dataSource()).migrate();
    new EventStore(target.jdbi(), clock, 4).append(Events.pending("already"));

    assertThatThrownBy(() -> run(move(progress::add)))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("is not empty");
    assertThat(target.count("webhook_events")).isEqualTo(1);

    target.jdbi().useHandle(handle -> handle.execute("DELETE FROM webhook_events"));
    run(move(progress::add));
    assertMoved();
  }

  @Test
  void aTargetThatWouldLoseWebhooksIsRefused() {
    commitSynchronously("off");

    assertThatThrownBy(() -> run(move(progress::add)))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("synchronous_commit is off");
  }

  @Test
  void whatIsNoPostgresqlIsRefusedWithoutItsAddress() {
    for (String url :
        List.of("jdbc:mysql://h/db?password=secret", "jdbc:postgresql://u:secret@h/db")) {
      assertThatThrownBy(() -> new MoveTarget(url, null, Secret.NONE))
          .isInstanceOf(SetupException.class)
          .hasMessageContaining("--to must be")
          .hasMessageNotContaining("secret");
    }
    var closed = new MoveTarget("jdbc:postgresql://127.0.0.1:1/acuse", "me", Secret.of("secret"));
    assertThatThrownBy(() -> run(new Move(files(), closed, clock, progress::add, this::keyHint)))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("cannot be used")
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatWasMovedIsLeftAsItIsAndNotUsedAgain() throws Exception {
    run(move(progress::add));
    long rows = source.count("webhook_events");

    assertThat(rows).isEqualTo(EVENTS + 2);
    assertThat(Files.exists(files().data())).isTrue();
    assertThatThrownBy(() -> Moves.beforeUse(files()))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("set DATABASE_URL to it")
        .hasMessageContaining("was moved to jdbc:postgresql://");
    assertThatThrownBy(() -> run(move(progress::add))).hasMessageContaining("was moved already");
  }
}
