package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.acuse.audit.OperatorAction;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.mercadopago.reconciliation.LookUps;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.Engine;
import dev.acuse.support.TestAccounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckoutsTest {
  private static final OperatorRequest ACCEPT =
      new OperatorRequest("ana", "accept", "it was agreed");

  private final List<String> created = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  @SuppressWarnings("NullAway.Init")
  private EventStore events;

  @SuppressWarnings("NullAway.Init")
  private Checkouts checkouts;

  private @Nullable RemoteException failure;
  private @Nullable Preference nextPreference;

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
    events = new EventStore(fixture.jdbi(), fixture.clock(), 4);
    checkouts = checkouts(new LookUps(events, fixture.clock()));
  }

  private Checkouts checkouts(PaymentLookUps to) {
    return new Checkouts(
        fixture.store(),
        fixture.reader(),
        account -> this::createPreference,
        to,
        fixture.audit(),
        CheckoutJournal.NONE);
  }

  @BeforeEach
  void begin() {
    fixture.clear();
    created.clear();
    fixture.jdbi().useHandle(handle -> handle.execute("DELETE FROM webhook_events"));
    failure = null;
    nextPreference = null;
  }

  @AfterParameterizedClassInvocation
  void close() {
    fixture.close();
  }

  @Test
  void aNewCheckoutHasAPreferenceAndEveryFieldOfTheRequest() throws Exception {
    var request =
        new CheckoutRequest(
            "cita 1001 ñ", "C-1_x", new BigDecimal("10"), "BRL", "Consulta", "b@example.test");

    Registration registration = checkouts.register(Place.MAIN_ACCOUNT, request);

    Checkout checkout = registration.checkout();
    assertThat(registration.result()).isEqualTo(Registration.Result.CREATED);
    assertThat(fixture.reader().checkout(Scope.everything(), checkout.id())).contains(checkout);
    assertThat(checkout.externalReference()).isEqualTo("cita 1001 ñ");
    assertThat(checkout.contactId()).isEqualTo("C-1_x");
    assertThat(checkout.amount()).isEqualByComparingTo("10");
    assertThat(checkout.currency()).isEqualTo("BRL");
    assertThat(checkout.title()).isEqualTo("Consulta");
    assertThat(checkout.payerEmail()).isEqualTo("b@example.test");
    assertThat(checkout.preferenceId()).isEqualTo("pref-cita 1001 ñ");
    assertThat(checkout.initPoint()).isEqualTo("https://mp.test/pay");
    assertThat(checkout.status()).isEqualTo("open");
    assertThat(checkout.createdAt()).isEqualTo(fixture.clock().instant());
    assertThat(inbox()).isEmpty();
  }

  @Test
  void theSameAgainIsTheExistingOneWithoutASecondPreference() throws Exception {
    Checkout first =
        checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a1")).checkout();

    Registration again =
        checkouts.register(
            Place.MAIN_ACCOUNT,
            new CheckoutRequest(
                "a1", "contact1", new BigDecimal("1500.5000"), "ARS", "Consulta", null));

    assertThat(again).isEqualTo(new Registration(Registration.Result.EXISTING, first));
    assertThat(created).containsExactly("a1");
  }

  @Test
  void theSameReferenceForSomethingElseIsAConflictAndChangesNothing() throws Exception {
    Checkout first =
        checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a1")).checkout();
    BigDecimal amount = first.amount();

    for (CheckoutRequest other :
        List.of(
            new CheckoutRequest("a1", "other", amount, "ARS", "Consulta", null),
            new CheckoutRequest("a1", "contact1", BigDecimal.ONE, "ARS", "Consulta", null),
            new CheckoutRequest("a1", "contact1", amount, "BRL", "Consulta", null),
            new CheckoutRequest("a1", "contact1", amount, "ARS", "Otra", null),
            new CheckoutRequest("a1", "contact1", amount, "ARS", "Consulta", "b@example.test"))) {
      assertThat(checkouts.register(Place.MAIN_ACCOUNT, other))
          .isEqualTo(new Registration(Registration.Result.CONFLICT, first));
    }
    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 9))
        .containsExactly(first);
    assertThat(created).containsExactly("a1");
  }

  @Test
  void nothingIsHalfMadeWhileTheProviderIsDown() throws Exception {
    failure = new RemoteException.Unavailable("down", 503, null, null);
    CheckoutRequest request = PaymentFixture.request("a1");

    assertThatThrownBy(() -> checkouts.register(Place.MAIN_ACCOUNT, request)).isSameAs(failure);
    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 9)).isEmpty();

    failure = null;
    assertThat(checkouts.register(Place.MAIN_ACCOUNT, request).result())
        .isEqualTo(Registration.Result.CREATED);
  }

  @Test
  void aPreferenceThatCannotBeKeptIsRefused() {
    for (Preference useless :
        List.of(
            new Preference("p".repeat(129), "https://mp.test/pay"),
            new Preference("", "https://mp.test/pay"),
            new Preference("p", "https://mp.test/" + "p".repeat(1024)))) {
      nextPreference = useless;
      assertThatThrownBy(() -> checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a1")))
          .isInstanceOf(RemoteException.BadResponse.class);
    }
    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 9)).isEmpty();
  }

  @Test
  void aPreferenceIsNeverSharedByTwoCheckouts() throws Exception {
    nextPreference = new Preference("same", "https://mp.test/pay");
    checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a1"));

    assertThatThrownBy(() -> checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a2")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("same");
  }

  @Test
  void tenAtOnceAreOneCheckout() throws Exception {
    List<Registration> all =
        PaymentFixture.together(
            Collections.nCopies(
                10, () -> checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a1"))));

    assertThat(all)
        .extracting(Registration::result)
        .containsOnlyOnce(Registration.Result.CREATED)
        .doesNotContain(Registration.Result.CONFLICT);
    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 9)).hasSize(1);
  }

  @Test
  void earlierPaymentsAreHandedToTheirHandlerToBeLinked() throws Exception {
    fixture.apply(payment("1").reference("a1"));
    fixture.apply(payment("2").metadataReference("a1").status("rejected"));
    fixture.apply(payment("3").reference("other"));

    Checkout checkout =
        checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a1")).checkout();

    assertThat(inbox())
        .extracting(WebhookEvent::webhookId)
        .containsExactly(
            "acuse:payment:1:checkout:" + checkout.id(),
            "acuse:payment:2:checkout:" + checkout.id());
    assertThat(inbox())
        .allSatisfy(
            event -> {
              assertThat(event.source()).isEqualTo("mp");
              assertThat(event.eventType()).isEqualTo("payment");
              assertThat(event.origin()).isEqualTo(EventOrigin.MANUAL);
              assertThat(event.status()).isEqualTo(EventStatus.PENDING);
            });
    assertThat(inbox()).extracting(WebhookEvent::resourceId).containsExactly("1", "2");
  }

  @Test
  void askingAgainMakesUpForAHandOverThatWasCutOff() throws Exception {
    fixture.apply(payment("1").reference("a1"));
    CheckoutRequest request = PaymentFixture.request("a1");
    var cutOff =
        checkouts(
            (account, id, why) -> {
              throw new IllegalStateException("the inbox is out");
            });
    assertThatThrownBy(() -> cutOff.register(Place.MAIN_ACCOUNT, request))
        .hasMessage("the inbox is out");

    assertThat(checkouts.register(Place.MAIN_ACCOUNT, request).result())
        .isEqualTo(Registration.Result.EXISTING);

    assertThat(inbox()).hasSize(1);
  }

  @Test
  void anAcceptedPaymentIsHandedToItsHandlerUnderOneKey() {
    fixture.checkout("a1");
    Payment flagged = fixture.apply(payment("7").reference("a1").amount("2000")).payment();

    Acceptance acceptance = checkouts.accept(Scope.everything(), flagged.id(), ACCEPT);
    Acceptance again = checkouts.accept(Scope.everything(), flagged.id(), ACCEPT);

    assertThat(acceptance.result()).isEqualTo(Acceptance.Result.ACCEPTED);
    assertThat(again.result()).isEqualTo(Acceptance.Result.ALREADY_ACCEPTED);
    String key = "acuse:payment:7:accept:" + fixture.clock().instant().toEpochMilli();
    assertThat(inbox())
        .extracting(WebhookEvent::webhookId, WebhookEvent::isAsked)
        .as("once")
        .containsExactly(tuple(key, false));
  }

  @Test
  void whatCannotBeAcceptedIsHandedToNobody() {
    Payment fine = fixture.apply(payment("7")).payment();

    assertThat(checkouts.accept(Scope.everything(), fine.id(), ACCEPT).result())
        .isEqualTo(Acceptance.Result.NOT_FLAGGED);
    assertThat(checkouts.accept(Scope.everything(), -1, ACCEPT).result())
        .isEqualTo(Acceptance.Result.UNKNOWN);
    assertThat(inbox()).isEmpty();
  }

  @Test
  void whatAnOperatorAsksForIsInTheAuditEvenIfItComesToNothing() {
    Payment fine = fixture.apply(payment("7")).payment();
    var lookUp = new OperatorRequest("ana", "look-up", null);

    assertThat(checkouts.accept(Scope.everything(), fine.id(), ACCEPT).result())
        .isEqualTo(Acceptance.Result.NOT_FLAGGED);
    assertThat(checkouts.refresh(Scope.everything(), fine.id(), "console:1", lookUp)).isTrue();
    assertThat(checkouts.refresh(Scope.everything(), -1, "console:2", lookUp)).isFalse();

    assertThat(inbox())
        .extracting(WebhookEvent::webhookId, WebhookEvent::isAsked)
        .containsExactly(tuple("acuse:payment:7:asked:console:1", true));
    assertThat(fixture.audit().page(null, 3))
        .extracting(OperatorAction::action, OperatorAction::target, OperatorAction::reason)
        .containsExactly(
            tuple("look-up", "payment -1", null),
            tuple("look-up", "payment " + fine.id(), null),
            tuple("accept", "payment " + fine.id(), "it was agreed"));
  }

  @Test
  void aWrongRequestIsRefusedBeforeAnythingIsCreated() {
    var wrong = new CheckoutRequest("", "a b", new BigDecimal("-1"), "ars", "x\ny", "@");

    InvalidCheckoutException refusal =
        catchThrowableOfType(
            InvalidCheckoutException.class, () -> checkouts.register(Place.MAIN_ACCOUNT, wrong));

    assertThat(refusal.problems())
        .containsOnlyKeys(
            "external_reference", "contact_id", "amount", "currency", "title", "payer_email");
    assertThat(created).isEmpty();
  }

  /** What is to be looked up, in the order in which it was asked for. */
  private List<WebhookEvent> inbox() {
    List<WebhookEvent> all =
        new ArrayList<>(
            new EventReader(fixture.jdbi(), fixture.clock(), TestAccounts.MAIN_ALONE)
                .page(Scope.everything(), EventFilter.ALL, null, 99));
    Collections.reverse(all);
    return all;
  }

  private Preference createPreference(CheckoutRequest request) throws RemoteException {
    RemoteException now = failure;
    if (now != null) {
      throw now;
    }
    created.add(request.externalReference());
    Preference given = nextPreference;
    return given == null
        ? new Preference("pref-" + request.externalReference(), "https://mp.test/pay")
        : given;
  }
}
