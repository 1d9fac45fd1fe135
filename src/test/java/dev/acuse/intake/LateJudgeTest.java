package dev.acuse.intake;

import static dev.acuse.mercadopago.Deliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.account.AccountState;
import dev.acuse.event.Arrival;
import dev.acuse.event.Ticket;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.inbox.IntakeTally;
import dev.acuse.inbox.Ledger;
import dev.acuse.inbox.UnknownAccounts;
import dev.acuse.intake.WebhookSource.Undecided;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.notification.MercadoPagoSource;
import dev.acuse.support.Engine;
import dev.acuse.support.IntakeAccounts;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What was spooled as it came, from there to the inbox, on both engines. */
@ParameterizedClass
@EnumSource
class LateJudgeTest {
  private static final String ID = "138400000001";
  private static final String RUN = "one";

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private final IntakeAccounts accounts =
      new IntakeAccounts("100", "main-secret")
          .application(2, null, "b-secret")
          .account(2, "b", 2, "200")
          .application(3, null, "c-secret")
          .account(3, "c", 3, "300")
          .told();
  @TempDir private Path folder;
  private TestDatabase database;
  private EventStore store;
  private Ledger ledger;
  private MercadoPagoSource source;
  private Spool spool;
  private @Nullable IntakeWriter writer;
  private long tickets;

  LateJudgeTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    ledger = new Ledger(database.jdbi(), clock);
    var configuration =
        new MercadoPagoConfiguration(
            null, null, Secret.NONE, null, MercadoPagoConfiguration.Ipn.HINT, null, null, null);
    source =
        new MercadoPagoSource(
            configuration, accounts, clock, UUID::randomUUID, new MetricRegistry());
    spool = Spool.open(folder, 1 << 20, () -> {});
    accounts.unknown();
  }

  @AfterEach
  void close() throws Exception {
    stop();
    spool.close();
    database.close();
  }

  private void stop() throws InterruptedException {
    if (writer != null) {
      writer.stop();
      writer = null;
    }
  }

  @Test
  void isJudgedByTheAccountsThatThereAreThen() throws Exception {
    keep("b-secret", "200", "b");
    keep("c-secret", "300", null);
    keep("forged", "300", "c");
    keep("b-secret", "200", "gone");
    accounts
        .account(3, "c", 3, "300", AccountState.DISCONNECTED)
        .account(4, "gone", 2, "400")
        .out(false);

    drain();

    assertThat(rows())
        .containsExactlyInAnyOrder(
            "2 mp:2 pending verified",
            "2 mp:2 pending verified",
            "0 mp:application:3 quarantined verified",
            "3 mp:3 quarantined bad");
    assertBalanced(4);
  }

  @Test
  void secretThatCannotBeReadMakesItAHint() throws Exception {
    keep("b-secret", "200", "b");
    accounts.unreadable(2).out(false);

    drain();

    assertThat(rows()).containsExactly("2 mp:2 pending unverifiable");
  }

  @Test
  void waitsUntilTheDatabaseHasToldOfTheAccounts() throws Exception {
    keep("b-secret", "200", "b");
    start();
    int before = accounts.reads();
    await().until(() -> accounts.reads() > before + 1);
    assertThat(spool.state().records()).isEqualTo(1);
    assertThat(rows()).isEmpty();

    accounts.out(false);

    await().until(() -> spool.state().records() == 0);
    assertThat(rows()).containsExactly("2 mp:2 pending verified");
  }

  /** As after a kill between the commit and the end of the file. */
  @Test
  void whatIsDrainedASecondTimeIsOneEventWhateverItIsNow() throws Exception {
    keep("b-secret", "900", "b");
    keep("forged", "900", "b");
    spool.close();
    Path copy = folder.resolveSibling(folder.getFileName() + "-copy");
    Path file = onlyFile(folder);
    Files.createDirectories(copy);
    Files.copy(file, copy.resolve(file.getFileName().toString()));
    spool = Spool.open(folder, 1 << 20, () -> {});
    accounts.out(false);
    drain();
    assertThat(rows())
        .containsExactlyInAnyOrder(
            "0 mp:application:2 quarantined verified", "2 mp:2 quarantined bad");
    accounts.application(2, null, "b-secret", "forged").account(9, "nine", 2, "900").told();
    var unknown = new UnknownAccounts(database.jdbi(), clock, store.due());
    assertThat(unknown.release(unknown.lanes().get(0), Map.of("900", 9L), null, 9)).isEqualTo(1);
    stop();
    spool.close();
    spool = Spool.open(copy, 1 << 20, () -> {});

    drain();

    assertThat(rows())
        .containsExactlyInAnyOrder("9 mp:9 pending verified", "2 mp:2 quarantined bad");
    assertBalanced(2);
  }

  private static Path onlyFile(Path folder) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.filter(one -> one.toString().endsWith(".spool2")).toList();
      assertThat(files).hasSize(1);
      return files.get(0);
    }
  }

  /** As the resource does it: without a secret of main's it cannot be judged. */
  private void keep(String secret, String seller, @Nullable String account) throws Exception {
    tickets++;
    String body =
        "{\"type\": \"payment\", \"data\": {\"id\": \"%s\"}, \"user_id\": %s}"
            .formatted(ID, seller);
    Delivery delivery =
        delivery("data.id=" + ID + "&type=payment&n=" + tickets, body)
            .signedFor(secret, ID)
            .to(account)
            .build();
    var undecided = (Undecided) source.examine(delivery);
    spool.append(
        List.of(
            new Arrival(
                undecided.event(),
                clock.instant(),
                null,
                new Ticket(RUN, tickets),
                source.kept(delivery).unjudged())));
    ledger.write(
        RUN, "here", clock.instant(), new IntakeTally(tickets, 0, tickets, 0, 0, 0, Map.of()));
  }

  private void drain() throws Exception {
    start();
    await().until(() -> spool.state().records() == 0);
  }

  private void start() throws Exception {
    var judge = new LateJudge(List.of(source), accounts);
    IntakeConfiguration configuration =
        new ObjectMapper().readValue("{\"memory\": \"2MiB\"}", IntakeConfiguration.class);
    IntakeWriter made =
        new IntakeWriter(store, spool, configuration, clock, new MetricRegistry(), judge);
    writer = made;
    made.start();
  }

  private void assertBalanced(long rows) {
    IntakeBalance balance = ledger.balances("here", 9, run -> 0, List.of()).get(0);
    assertThat(balance.rows() + balance.drainedDuplicates()).isEqualTo(rows);
    assertThat(balance.unaccounted()).isZero();
  }

  private List<String> rows() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT account_id || ' ' || lane || ' ' || status || ' ' || signature"
                            + " FROM webhook_events")
                    .mapTo(String.class)
                    .list());
  }
}
