package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One checkout paid by several payments, and what an operator's retry mends, through the whole
 * service; each engine has a class of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PartPayments {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;

  PartPayments(Engine engine) {
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, Map.of());
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void twoCardsPayOneCheckoutAndTagOnce() {
    String reference = checkout("1000", "ARS");
    long first = pay(reference, "600");
    long second = pay(reference, "400");
    assertThat(status(reference)).isEqualTo("open");

    settle(first);

    assertThat(status(reference)).isEqualTo("partly_paid");
    assertThat(flag(first)).isEmpty();
    assertThat(sandbox.goHighLevel().tagCalls(reference)).isEmpty();

    settle(second);

    assertThat(status(reference)).isEqualTo("paid");
    assertThat(List.of(flag(first), flag(second))).containsOnly("");
    assertThat(sandbox.goHighLevel().tagsOf(reference)).containsExactly("pago_confirmado");

    settle(first);
    settle(second);
    assertThat(sandbox.goHighLevel().tagCalls(reference)).hasSize(1);
  }

  @Test
  void whatIsGivenBackShowsAndTheTagStays() {
    String reference = checkout("1000", "ARS");
    long first = pay(reference, "600");
    long second = pay(reference, "400");
    settle(second);
    settle(first);
    assertThat(status(reference)).isEqualTo("paid");

    sandbox.mercadoPago().refund(first, new BigDecimal("100"));
    settle(first);
    assertThat(status(reference)).isEqualTo("partly_refunded");

    sandbox.mercadoPago().refund(second);
    settle(second);
    assertThat(status(reference)).isEqualTo("partly_refunded");

    sandbox.mercadoPago().refund(first);
    settle(first);
    assertThat(status(reference)).isEqualTo("refunded");
    assertThat(sandbox.goHighLevel().tagsOf(reference)).containsExactly("pago_confirmado");
  }

  @ParameterizedTest
  @CsvSource({
    "rejected,     partly_paid",
    "cancelled,    partly_paid",
    "pending,      partly_paid",
    "charged_back, disputed",
    "in_mediation, disputed"
  })
  void theOtherCardMayComeToNothing(String outcome, String status) {
    String reference = checkout("1000", "ARS");
    long first = pay(reference, "600");
    long second = pay(reference, "400");
    sandbox.mercadoPago().change(second, PaymentOutcome.of(outcome).orElseThrow());
    settle(second);

    settle(first);

    assertThat(status(reference)).isEqualTo(status);
    assertThat(List.of(flag(first), flag(second))).containsOnly("");
    assertThat(sandbox.goHighLevel().tagCalls(reference)).isEmpty();
  }

  @Test
  void moreThanTheSumIsAMisfitUntilItIsPaidBack() {
    String reference = checkout("1000", "ARS");
    long first = pay(reference, "600");
    long second = pay(reference, "500");
    settle(first);

    settle(second);

    assertThat(flag(second)).isEqualTo("amount_mismatch");
    assertThat(flag(first)).isEmpty();
    assertThat(status(reference)).isEqualTo("partly_paid");
    assertThat(sandbox.goHighLevel().tagCalls(reference)).isEmpty();

    sandbox.mercadoPago().refund(second, new BigDecimal("100"));
    settle(second);

    assertThat(flag(second)).isEmpty();
    assertThat(status(reference)).isEqualTo("paid");
    assertThat(sandbox.goHighLevel().tagCalls(reference)).hasSize(1);
  }

  @Test
  void itsMerchantOrderLeadsToBothCards() {
    String reference = checkout("1000", "ARS");
    pay(reference, "600");
    long second = pay(reference, "400");
    String order = String.valueOf(sandbox.mercadoPago().payment(second).orElseThrow().orderId());

    send(sandbox.notifications().merchantOrder(order, "closed"));

    assertThat(status(reference)).isEqualTo("paid");
    assertThat(sandbox.goHighLevel().tagCalls(reference)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"99.999, ARS", "200.7647, ARS", "1500.5, CLP", "1500.01, COP", "0.001, BRL"})
  void anAmountThatTheCurrencyDoesNotHaveIsRefused(String amount, String currency) {
    String reference = "part-" + NEXT.incrementAndGet();

    HttpResponse<String> response = register(reference, amount, currency);

    assertThat(response.statusCode()).isEqualTo(400);
    int decimals = currency.equals("CLP") || currency.equals("COP") ? 0 : 2;
    assertThat(RunningAcuse.json(response).path("detail").asText())
        .contains("amount", currency, String.valueOf(decimals));
    assertThat(acuse.items("/api/checkouts?external_reference=" + reference)).isEmpty();
  }

  /** As versions before took them; MercadoPago charges what the currency has. */
  @ParameterizedTest
  @CsvSource({"99.999, ARS, 100", "200.7647, ARS, 200.77", "1500.5, CLP, 1501"})
  void aCheckoutThatWasRegisteredWithMoreDecimalsIsPaidByWhatIsCharged(
      String amount, String currency, String charged) {
    String reference = checkout("1", currency);
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE checkouts SET amount = CAST(? AS NUMERIC(19, 4))"
                        + " WHERE external_reference = ?",
                    amount,
                    reference));
    long payment = pay(reference, charged);

    settle(payment);

    assertThat(flag(payment)).isEmpty();
    assertThat(status(reference)).isEqualTo("paid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "many"})
  void anOperatorsRetryAppliesWhatIsTrueNowThoughWhatIsStoredLooksNewer(String how) {
    String reference = checkout("1000", "ARS");
    long payment = pay(reference, "1000");
    settle(payment);
    SandboxPayment paid = sandbox.mercadoPago().payment(payment).orElseThrow();
    sandbox.mercadoPago().put(with(paid, "charged_back", Instant.now().plusSeconds(3600)));
    long event = settle(payment);
    assertThat(payment(payment).path("status").asText()).isEqualTo("charged_back");
    sandbox.mercadoPago().put(paid);
    settle(payment);
    assertThat(payment(payment).path("status").asText())
        .as("what looks older is not applied by itself")
        .isEqualTo("charged_back");

    retry(how, event, payment);

    assertThat(payment(payment).path("status").asText()).isEqualTo("approved");
    assertThat(status(reference)).isEqualTo("paid");
  }

  private void retry(String how, long event, long payment) {
    String one = "/api/webhook-events/" + event + "/retry";
    String many = "/api/webhook-events/retry?status=success&payment_id=" + payment;
    HttpResponse<String> answer = acuse.post(how.equals("one") ? one : many, "");
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
    awaitNothingToDo();
  }

  private static SandboxPayment with(SandboxPayment payment, String status, Instant updated) {
    SandboxPayment.State state = payment.state();
    return payment.with(
        new SandboxPayment.State(
            status, state.statusDetail(), state.created(), state.approved(), updated, List.of()));
  }

  private String checkout(String amount, String currency) {
    String reference = "part-" + NEXT.incrementAndGet();
    sandbox.goHighLevel().addContact(reference, null);
    assertThat(register(reference, amount, currency).statusCode()).isEqualTo(201);
    return reference;
  }

  private HttpResponse<String> register(String reference, String amount, String currency) {
    return acuse.post(
        "/api/checkouts",
        """
        {"external_reference": "%s", "contact_id": "%s", "amount": %s, "currency": "%s",
         "title": "Consulta"}
        """
            .formatted(reference, reference, amount, currency));
  }

  private long pay(String reference, String amount) {
    return sandbox
        .mercadoPago()
        .pay(reference, PaymentOutcome.APPROVED, new BigDecimal(amount))
        .payment()
        .id();
  }

  /** Notifies of a payment and waits until that is worked on; answers its event's id. */
  private long settle(long payment) {
    return send(sandbox.notifications().paymentUpdated(String.valueOf(payment)));
  }

  private long send(Notification notification) {
    String id = RunningAcuse.json(acuse.send(notification).body()).path("webhook_id").asText();
    awaitNothingToDo();
    for (JsonNode event : acuse.items("/api/webhook-events?limit=500")) {
      if (event.path("webhook_id").asText().equals(id)) {
        assertThat(event.path("status").asText()).as(event.toString()).isEqualTo("success");
        return event.path("id").asLong();
      }
    }
    throw new AssertionError("no event " + id);
  }

  private void awaitNothingToDo() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(acuse.items("/api/webhook-events?status=pending")).isEmpty();
              assertThat(acuse.items("/api/webhook-events?status=processing")).isEmpty();
            });
    TestEffects.awaitCarriedOut(database.jdbi());
  }

  private String status(String reference) {
    return acuse
        .items("/api/checkouts?external_reference=" + reference)
        .get(0)
        .path("status")
        .asText();
  }

  private String flag(long payment) {
    return payment(payment).path("flag").asText("");
  }

  private JsonNode payment(long payment) {
    return acuse.items("/api/payments?payment_id=" + payment).get(0);
  }
}
