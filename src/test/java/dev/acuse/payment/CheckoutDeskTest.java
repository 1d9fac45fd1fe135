package dev.acuse.payment;

import static dev.acuse.payment.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
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
class CheckoutDeskTest {
  private final List<String> created = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<NewEvent> inbox = new ConcurrentLinkedQueue<>();

  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  @SuppressWarnings("NullAway.Init")
  private CheckoutDesk desk;

  private @Nullable RemoteException failure;
  private @Nullable Preference nextPreference;

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
    desk = new CheckoutDesk(fixture.store(), fixture.reader(), this::createPreference, inbox::add);
  }

  @BeforeEach
  void begin() {
    fixture.clear();
    created.clear();
    inbox.clear();
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

    Registration registration = desk.register(request);

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
    assertThat(inbox).isEmpty();
  }

  @Test
  void theSameAgainIsTheExistingOneWithoutASecondPreference() throws Exception {
    Checkout first = desk.register(PaymentFixture.request("a1")).checkout();

    Registration again =
        desk.register(
            new CheckoutRequest(
                "a1", "contact1", new BigDecimal("1500.5000"), "ARS", "Consulta", null));

    assertThat(again).isEqualTo(new Registration(Registration.Result.EXISTING, first));
    assertThat(created).containsExactly("a1");
  }

  @Test
  void theSameReferenceForSomethingElseIsAConflictAndChangesNothing() throws Exception {
    Checkout first = desk.register(PaymentFixture.request("a1")).checkout();
    BigDecimal amount = first.amount();

    for (CheckoutRequest other :
        List.of(
            new CheckoutRequest("a1", "other", amount, "ARS", "Consulta", null),
            new CheckoutRequest("a1", "contact1", BigDecimal.ONE, "ARS", "Consulta", null),
            new CheckoutRequest("a1", "contact1", amount, "BRL", "Consulta", null),
            new CheckoutRequest("a1", "contact1", amount, "ARS", "Otra", null),
            new CheckoutRequest("a1", "contact1", amount, "ARS", "Consulta", "b@example.test"))) {
      assertThat(desk.register(other))
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

    assertThatThrownBy(() -> desk.register(request)).isSameAs(failure);
    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 9)).isEmpty();

    failure = null;
    assertThat(desk.register(request).result()).isEqualTo(Registration.Result.CREATED);
  }

  @Test
  void aPreferenceThatCannotBeKeptIsRefused() {
    for (Preference useless :
        List.of(
            new Preference("p".repeat(129), "https://mp.test/pay"),
            new Preference("", "https://mp.test/pay"),
            new Preference("p", "https://mp.test/" + "p".repeat(1024)))) {
      nextPreference = useless;
      assertThatThrownBy(() -> desk.register(PaymentFixture.request("a1")))
          .isInstanceOf(RemoteException.BadResponse.class);
    }
    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 9)).isEmpty();
  }

  @Test
  void aPreferenceIsNeverSharedByTwoCheckouts() throws Exception {
    nextPreference = new Preference("same", "https://mp.test/pay");
    desk.register(PaymentFixture.request("a1"));

    assertThatThrownBy(() -> desk.register(PaymentFixture.request("a2")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("same");
  }

  @Test
  void tenAtOnceAreOneCheckout() throws Exception {
    List<Registration> all =
        PaymentFixture.together(
            Collections.nCopies(10, () -> desk.register(PaymentFixture.request("a1"))));

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

    Checkout checkout = desk.register(PaymentFixture.request("a1")).checkout();

    assertThat(inbox)
        .extracting(NewEvent::webhookId)
        .containsExactly(
            "acuse:payment:1:checkout:" + checkout.id(),
            "acuse:payment:2:checkout:" + checkout.id());
    assertThat(inbox)
        .allSatisfy(
            event -> {
              assertThat(event.source()).isEqualTo("mp");
              assertThat(event.eventType()).isEqualTo("payment");
              assertThat(event.origin()).isEqualTo(EventOrigin.MANUAL);
              assertThat(event.status()).isEqualTo(EventStatus.PENDING);
            });
    assertThat(inbox).extracting(NewEvent::resourceId).containsExactly("1", "2");
  }

  @Test
  void askingAgainMakesUpForAHandOverThatWasCutOff() throws Exception {
    fixture.apply(payment("1").reference("a1"));
    CheckoutRequest request = PaymentFixture.request("a1");
    var cutOff =
        new CheckoutDesk(
            fixture.store(),
            fixture.reader(),
            this::createPreference,
            event -> {
              throw new IllegalStateException("the inbox is out");
            });
    assertThatThrownBy(() -> cutOff.register(request)).hasMessage("the inbox is out");

    assertThat(desk.register(request).result()).isEqualTo(Registration.Result.EXISTING);

    assertThat(inbox).hasSize(1);
  }

  @Test
  void anAcceptedPaymentIsHandedToItsHandlerUnderOneKey() {
    fixture.checkout("a1");
    Payment flagged = fixture.apply(payment("7").reference("a1").amount("1")).payment();

    Acceptance acceptance = desk.accept(flagged.id());
    Acceptance again = desk.accept(flagged.id());

    assertThat(acceptance.result()).isEqualTo(Acceptance.Result.ACCEPTED);
    assertThat(again.result()).isEqualTo(Acceptance.Result.ALREADY_ACCEPTED);
    String key = "acuse:payment:7:accept:" + fixture.clock().instant().toEpochMilli();
    assertThat(inbox).extracting(NewEvent::webhookId).containsExactly(key, key);
  }

  @Test
  void whatCannotBeAcceptedIsHandedToNobody() {
    Payment fine = fixture.apply(payment("7")).payment();

    assertThat(desk.accept(fine.id()).result()).isEqualTo(Acceptance.Result.NOT_FLAGGED);
    assertThat(desk.accept(-1).result()).isEqualTo(Acceptance.Result.UNKNOWN);
    assertThat(inbox).isEmpty();
  }

  @Test
  void aWrongRequestIsRefusedBeforeAnythingIsCreated() {
    var wrong = new CheckoutRequest("", "a b", new BigDecimal("-1"), "ars", "x\ny", "@");

    InvalidCheckoutException refusal =
        catchThrowableOfType(InvalidCheckoutException.class, () -> desk.register(wrong));

    assertThat(refusal.problems())
        .containsOnlyKeys(
            "external_reference", "contact_id", "amount", "currency", "title", "payer_email");
    assertThat(created).isEmpty();
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
