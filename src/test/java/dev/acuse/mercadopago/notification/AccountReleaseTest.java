package dev.acuse.mercadopago.notification;

import static dev.acuse.mercadopago.Deliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.UnknownAccounts;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.support.Engine;
import dev.acuse.support.IntakeAccounts;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** From a delivery that is no account's to the account that is made for it, on both engines. */
@ParameterizedClass
@EnumSource
class AccountReleaseTest {
  private static final String ID = "138400000001";

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private final IntakeAccounts accounts =
      new IntakeAccounts("100", "main-secret")
          .application(2, null, "shared-secret")
          .application(3, null, "shared-secret")
          .application(4, null, "b-secret")
          .account(4, "b", 4, "400")
          .told();
  private TestDatabase database;
  private EventStore store;
  private EventReader reader;
  private AccountRelease release;

  AccountReleaseTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    release =
        new AccountRelease(
            new UnknownAccounts(database.jdbi(), clock, store.due()), accounts, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void accountOfAnApplicationWithTheSameSecretGetsIt() {
    NewEvent event = received("shared-secret", "300");
    assertThat(event.place().accountId()).isEqualTo(Place.NO_ACCOUNT);
    assertThat(release.release()).as("there is none yet").isZero();

    accounts.account(3, "a", 3, "300").told();

    assertThat(release.release()).isEqualTo(1);
    assertThat(only().accountId()).isEqualTo(3);
    assertThat(only().status()).isEqualTo(EventStatus.PENDING);
    assertThat(only().webhookId()).startsWith("mp:payment:" + ID).doesNotContain("@");
    assertThat(store.append(examined("shared-secret", "300"))).as("delivered again").isFalse();
  }

  @Test
  void accountOfAnotherApplicationGetsNothingThoughItIsTheSeller() {
    received("b-secret", "300");

    accounts.account(3, "a", 3, "300").told();

    assertThat(release.release()).isZero();
    assertThat(only().accountId()).isEqualTo(Place.NO_ACCOUNT);
  }

  private NewEvent received(String secret, String seller) {
    NewEvent event = examined(secret, seller);
    assertThat(store.append(event)).isTrue();
    return event;
  }

  private NewEvent examined(String secret, String seller) {
    var configuration =
        new MercadoPagoConfiguration(
            null, null, Secret.NONE, null, MercadoPagoConfiguration.Ipn.HINT, null, null, null);
    var source =
        new MercadoPagoSource(
            configuration, accounts, clock, UUID::randomUUID, new MetricRegistry());
    String body =
        "{\"type\": \"payment\", \"data\": {\"id\": \"%s\"}, \"user_id\": %s}"
            .formatted(ID, seller);
    return source
        .examine(delivery("data.id=" + ID + "&type=payment", body).signedFor(secret, ID).build())
        .event();
  }

  private WebhookEvent only() {
    long id =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle.createQuery("SELECT id FROM webhook_events").mapTo(Long.class).one());
    return reader.find(Scope.everything(), id).orElseThrow();
  }
}
