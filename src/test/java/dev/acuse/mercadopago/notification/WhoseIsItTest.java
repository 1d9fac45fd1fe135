package dev.acuse.mercadopago.notification;

import static dev.acuse.mercadopago.Deliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.AccountState;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.Delivery;
import dev.acuse.intake.WebhookSource.Accepted;
import dev.acuse.intake.WebhookSource.Examined;
import dev.acuse.intake.WebhookSource.Refused;
import dev.acuse.intake.WebhookSource.Undecided;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.support.IntakeAccounts;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The secret that fits decides whose a delivery is, then the seller that it names. */
class WhoseIsItTest {
  private static final String ID = "138400000001";
  private static final String QUERY = "data.id=" + ID + "&type=payment";

  private final MetricRegistry metrics = new MetricRegistry();
  private final IntakeAccounts accounts =
      new IntakeAccounts("100", "main-new", "main-old")
          .application(2, "7002", "b-secret")
          .application(3, "7003", "agency-secret")
          .unreadable(5)
          .application(8, null)
          .account(2, "bodega", 2, "200")
          .account(3, "casa", 3, "300")
          .account(4, "dedo", 3, "400")
          .account(5, "eco", 5, "500")
          .account(6, "foca", 3, "600", AccountState.PAUSED)
          .account(7, "gato", 3, "700", AccountState.DISCONNECTED)
          .account(8, "hilo", 8, "800")
          .told();
  private final MercadoPagoSource source = source(accounts);

  @ParameterizedTest(name = "to {0}, of user {1}, signed with {2}: {3} of account {4}")
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        // path | user_id | secret | state | account | seller that is kept
        "-      | 100       | main-new      | verified     | 1 | -",
        "-      | '\"100\"' | main-old      | verified     | 1 | -",
        "main   | 100       | main-new      | verified     | 1 | -",
        "-      | 200       | b-secret      | verified     | 2 | -",
        "-      | '\"200\"' | b-secret      | verified     | 2 | -",
        "bodega | -         | b-secret      | verified     | 2 | -",
        "-      | -         | b-secret      | verified     | 2 | -",
        // the seller chooses among the owners of one secret, whatever the path names
        "-      | 300       | agency-secret | verified     | 3 | -",
        "-      | '\"400\"' | agency-secret | verified     | 4 | -",
        "casa   | 400       | agency-secret | verified     | 4 | -",
        "dedo   | -         | agency-secret | verified     | 4 | -",
        "bodega | 300       | agency-secret | verified     | 3 | -",
        "main   | 200       | b-secret      | verified     | 2 | -",
        // a paused account's are stored as ever
        "foca   | 600       | agency-secret | verified     | 6 | -",
        // tenant B signs a body that names another's seller, or sends it to the other's address
        "-      | 300       | b-secret      | verified     | 0 | 300",
        "casa   | 300       | b-secret      | verified     | 0 | 300",
        "casa   | -         | b-secret      | verified     | 2 | -",
        "-      | 100       | b-secret      | verified     | 0 | 100",
        // and A's bytes, as they are, to B's address
        "bodega | 100       | main-new      | verified     | 1 | -",
        // a seller that is no account's
        "-      | 999       | agency-secret | verified     | 0 | 999",
        "casa   | 999       | agency-secret | verified     | 0 | 999",
        "-      | 999       | main-new      | verified     | 0 | 999",
        // disconnected: what is verified is kept, the rest refused
        "gato   | 700       | agency-secret | verified     | 0 | 700",
        "gato   | -         | agency-secret | verified     | 0 | 700",
        "-      | 700       | agency-secret | verified     | 0 | 700",
        "gato   | 700       | forged        | bad          | 7 | -",
        // not signed with any
        "-      | 100       | forged        | bad          | 1 | -",
        "-      | 200       | forged        | bad          | 2 | -",
        "casa   | 200       | forged        | bad          | 3 | -",
        // a secret that cannot be read is not a signature that is wrong
        "eco    | 500       | lost-secret   | unverifiable | 5 | -",
        "-      | 500       | lost-secret   | unverifiable | 5 | -",
        "-      | 999       | lost-secret   | unverifiable | 1 | -",
        // no secret is set
        "hilo   | -         | whatever      | unchecked    | 8 | -",
        "-      | 800       | whatever      | unchecked    | 8 | -",
        "hilo   | 200       | b-secret      | verified     | 2 | -",
      })
  void secretDecidesThenTheSeller(
      @Nullable String path,
      @Nullable String user,
      String secret,
      String state,
      long account,
      @Nullable String seller) {
    NewEvent event = source.examine(signed(secret, user, path)).event();

    assertThat(event.signature()).isEqualTo(SignatureState.of(state));
    assertThat(event.place().accountId()).isEqualTo(account);
    assertThat(event.sellerId()).isEqualTo(seller);
    if (account != Place.NO_ACCOUNT) {
      assertThat(event.place().lane()).isEqualTo(Lane.mercadoPago(account));
    }
  }

  @Test
  void whatIsNoAccountsIsKeptForAnAccountOfTheApplicationThatSigned() {
    Examined examined = source.examine(signed("b-secret", "300", null));

    NewEvent event = examined.event();
    assertThat(examined).isInstanceOf(Accepted.class);
    assertThat(event.status()).isEqualTo(EventStatus.QUARANTINED);
    assertThat(event.errorKind()).isEqualTo("unknown_account");
    assertThat(event.reason()).contains("300");
    assertThat(event.place().lane().applicationId()).hasValue(2);
    assertThat(event.webhookId()).as("so that it is one event").startsWith("mp:payment:" + ID);
    assertThat(source.examine(signed("b-secret", "300", null)).event().webhookId())
        .isEqualTo(event.webhookId());
  }

  @ParameterizedTest(name = "IPN to {0} of user {1}: account {2}, by the budget of {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-, 300, 3, 3",
        "casa, 200, 3, 3",
        "casa, -, 3, 3",
        "-, -, 1, 1",
        "-, 100, 1, 1",
        "-, 999, 1, 0",
        "-, 700, 1, 0"
      })
  void ipnIsOfTheAccountThatItNames(
      @Nullable String path, @Nullable String user, long account, long budget) {
    String body = "{\"topic\": \"payment\", \"resource\": \"1384\"" + user(user) + "}";
    Examined examined = source.examine(delivery("topic=payment&id=1384", body).to(path).build());

    assertThat(examined).isInstanceOf(Accepted.class);
    assertThat(examined.event().signature()).isEqualTo(SignatureState.UNVERIFIABLE);
    assertThat(examined.event().place().accountId()).isEqualTo(account);
    assertThat(examined.budget()).isEqualTo(budget);
  }

  @Test
  void disconnectedAccountTakesNothingThatIsNotProven() {
    String body = "{\"topic\": \"payment\", \"resource\": \"1384\"}";

    Examined examined = source.examine(delivery("topic=payment&id=1384", body).to("gato").build());

    assertThat(examined).isInstanceOf(Refused.class);
    assertThat(((Refused) examined).refusal().status()).isEqualTo(401);
  }

  /** Anybody can leave the id out of the query, which is all that is signed. */
  @Test
  void signatureThatCoversNoResourceMakesNothingOfAnotherAccount() {
    var forged = delivery("type=payment", body("300")).signedFor("b-secret", null).build();

    Examined examined = source.examine(forged);

    assertThat(examined).isInstanceOf(Refused.class);
    assertThat(
            source.examine(
                delivery("type=payment", body("200")).signedFor("b-secret", null).build()))
        .isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "{}", "[200]", "\"abc\"", "2e2", "-200", "\"\"", "null", "200.0"})
  void userThatIsNoNumberNamesNoSeller(String user) {
    NewEvent event = source.examine(signed("b-secret", user, null)).event();

    assertThat(event.place().accountId()).isEqualTo(2);
    assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
  }

  @Test
  void mainAloneTakesWhateverItsSecretSigns() {
    MercadoPagoSource alone = source(new IntakeAccounts(null, "main-new"));
    MercadoPagoSource comparing = source(new IntakeAccounts("100", "main-new"));

    assertThat(alone.examine(signed("main-new", "999", null)).event().place())
        .isEqualTo(Place.MAIN);
    assertThat(comparing.examine(signed("main-new", "999", null)).event().place())
        .isEqualTo(Place.MAIN);
  }

  @Test
  void applicationThatTheBodyNamesIsTriedFirstHoweverManyThereAre() {
    IntakeAccounts many = many(1_000);
    MercadoPagoSource shared = source(many);
    String named = body("31337").replace("{", "{\"application_id\": 9900, ");

    NewEvent event =
        shared.examine(delivery(QUERY, named).signedFor("secret-900", ID).build()).event();

    assertThat(event.place().lane()).isEqualTo(Lane.application(900));
    assertThat(event.sellerId()).isEqualTo("31337");
  }

  @Test
  void secretsBeyondTheFirstAreTriedOnlyInFull() {
    MercadoPagoSource shared = source(many(1_000));
    Delivery last = signed("secret-900", "31337", null);

    Examined quick = shared.examine(last);
    assertThat(quick).isInstanceOf(Refused.class);
    assertThat(((Refused) quick).isPartial()).isTrue();
    assertThat(shared.examineFully(last).event().place().lane()).isEqualTo(Lane.application(900));
    assertThat(shared.examine(signed("secret-900", "1900", null)).event().place().accountId())
        .as("its seller names its application")
        .isEqualTo(900);
    assertThat(shared.examine(signed("secret-100", "31337", null)).event().place().lane())
        .isEqualTo(Lane.application(100));
    assertThat(((Refused) shared.examineFully(signed("forged", "1", null))).isPartial()).isFalse();
  }

  @Test
  void headIsProvenByTheSecretsOfTheAccountInItsAddress() {
    MercadoPagoSource shared = source(many(1_000));
    Delivery head = delivery(QUERY, "").signedFor("secret-900", ID).to("a-900").build();

    assertThat(shared.isProven(head)).isTrue();
    assertThat(shared.isProven(delivery(QUERY, "").signedFor("forged", ID).to("a-900").build()))
        .isFalse();
    assertThat(source.isProven(delivery(QUERY, "").signedFor("agency-secret", ID).build()))
        .isTrue();
  }

  @Test
  void changeOfTheAccountsCountsAtOnce() {
    assertThat(source.examine(signed("new-secret", "200", null))).isInstanceOf(Refused.class);

    accounts.application(2, "7002", "new-secret", "b-secret").told();

    assertThat(source.examine(signed("new-secret", "200", null)).event().place().accountId())
        .isEqualTo(2);
    assertThat(source.examine(signed("b-secret", "200", null)).event().place().accountId())
        .isEqualTo(2);
    assertThat(
            metrics
                .counter("dev.acuse.mercadopago.MercadoPagoSource.signature.old-secret")
                .getCount())
        .isEqualTo(1);
  }

  @Test
  void nothingButMainsIsJudgedBeforeTheAccountsAreKnown() {
    accounts.unknown();

    assertThat(source.examine(signed("main-new", "100", null)).event().place())
        .isEqualTo(Place.MAIN);
    Examined signed = source.examine(signed("main-new", "300", null));
    assertThat(signed).isInstanceOf(Undecided.class);
    assertThat(((Undecided) signed).isSigned()).isTrue();
    Examined other = source.examine(signed("b-secret", "200", "bodega"));
    assertThat(other).isInstanceOf(Undecided.class);
    assertThat(((Undecided) other).isSigned()).isFalse();
    assertThat(other.event().status()).isEqualTo(EventStatus.QUARANTINED);
    assertThat(source.kept(signed("b-secret", "200", "bodega")).headers())
        .containsKeys("x-signature", "x-request-id")
        .doesNotContainKey("authorization");
  }

  /** Another instance may have made it, and this one has the database out. */
  @Test
  void whatIsSentToAnAccountThatIsNotKnownIsJudgedLater() {
    String ipn = "{\"topic\": \"payment\", \"resource\": \"1384\"}";
    Delivery hint = delivery("topic=payment&id=1384", ipn).to("new").build();
    Delivery signed = signed("agency-secret", "300", "new");

    assertThat(source.examine(hint)).isInstanceOf(Undecided.class);
    assertThat(source.examine(signed("new-secret", "900", "new"))).isInstanceOf(Undecided.class);
    Examined examined = source.examine(signed);
    assertThat(examined).isInstanceOf(Undecided.class);
    assertThat(((Undecided) examined).isSigned()).isTrue();
    assertThat(source.examine(signed("main-new", "100", "new")).event().place())
        .as("main's, whatever the address names")
        .isEqualTo(Place.MAIN);

    assertThat(source.examineFully(hint)).isInstanceOf(Accepted.class);
    assertThat(source.examineFully(signed).event().place().accountId()).isEqualTo(3);
    accounts.application(9, null, "new-secret").account(9, "new", 9, "900").told();
    assertThat(source.examine(hint).event().place().accountId()).isEqualTo(9);
    assertThat(source.examine(signed("new-secret", "900", "new")).event().place().accountId())
        .isEqualTo(9);
  }

  @Test
  void whatTenantBSignsIsNoDuplicateOfWhatAnotherHasSigned() {
    Examined forged = source.examine(signed("b-secret", "999", null));
    Examined genuine = source.examine(signed("agency-secret", "999", null));

    assertThat(genuine.event().place().accountId()).isEqualTo(Place.NO_ACCOUNT);
    assertThat(forged.event().place().accountId()).isEqualTo(Place.NO_ACCOUNT);
    assertThat(forged.event().webhookId()).isNotEqualTo(genuine.event().webhookId());
  }

  private static IntakeAccounts many(int count) {
    var many = new IntakeAccounts("100", "main-new");
    for (int i = 2; i <= count; i++) {
      many.application(i, String.valueOf(9_000 + i), "secret-" + i);
      many.account(i, "a-" + i, i, String.valueOf(1_000 + i));
    }
    return many.told();
  }

  private static Delivery signed(String secret, @Nullable String user, @Nullable String path) {
    return delivery(QUERY, body(user))
        .signedFor(secret, ID)
        .header("authorization", "Bearer token")
        .to(path)
        .build();
  }

  private static String body(@Nullable String user) {
    return "{\"type\": \"payment\", \"data\": {\"id\": \"" + ID + "\"}" + user(user) + "}";
  }

  private static String user(@Nullable String user) {
    return user == null ? "" : ", \"user_id\": " + user;
  }

  private MercadoPagoSource source(IntakeAccounts known) {
    var configuration =
        new MercadoPagoConfiguration(
            null, null, Secret.NONE, null, MercadoPagoConfiguration.Ipn.HINT, null, null, null);
    return new MercadoPagoSource(
        configuration, known, ManualClock.create(), UUID::randomUUID, metrics);
  }
}
