package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkouts and payments over the API; each engine has a class of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CheckoutRequests {
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;
  private int last;

  CheckoutRequests(Engine engine) {
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, Map.of());
  }

  @AfterEach
  void repair() {
    sandbox.mercadoPago().faults().none();
    sandbox.mercadoPago().startListening();
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void aCheckoutIsCreatedWithAPageToBePaidOn() {
    String reference = reference();

    HttpResponse<String> response = register(reference, "1500.50");

    assertThat(response.statusCode()).isEqualTo(201);
    JsonNode checkout = RunningAcuse.json(response);
    String path = "/api/checkouts/" + checkout.path("id").asText();
    assertThat(response.headers().firstValue("Location")).hasValue(path);
    assertThat(checkout.path("external_reference").asText()).isEqualTo(reference);
    assertThat(checkout.path("status").asText()).isEqualTo("open");
    assertThat(checkout.path("amount").decimalValue()).isEqualByComparingTo("1500.50");
    assertThat(checkout.path("preference_id").isTextual()).isTrue();
    assertThat(checkout.path("init_point").asText()).startsWith("http");
    assertThat(RunningAcuse.json(acuse.get(path))).isEqualTo(checkout);
    assertThat(acuse.items("/api/checkouts?external_reference=" + reference))
        .containsExactly(checkout);
  }

  @Test
  void theSameRequestAgainIsTheSameCheckoutAndNoSecondPreference() {
    String reference = reference();
    HttpResponse<String> first = register(reference, "10");
    long preferences = preferencesAsked();

    HttpResponse<String> again = register(reference, "10.00");

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(RunningAcuse.json(again)).isEqualTo(RunningAcuse.json(first));
    assertThat(preferencesAsked()).isEqualTo(preferences);
  }

  @Test
  void anotherContentUnderTheSameReferenceIsRefusedAndChangesNothing() {
    String reference = reference();
    HttpResponse<String> first = register(reference, "10");

    HttpResponse<String> other = register(reference, "11");

    assertProblem(other, 409, "checkout_exists");
    assertThat(acuse.items("/api/checkouts?external_reference=" + reference))
        .containsExactly(RunningAcuse.json(first));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"external_reference", "contact_id", "amount", "currency", "title", "payer_email"})
  void aFieldOfTheWrongKindIsNamed(String field) {
    String wrong = field.equals("amount") ? "\"ten\"" : "[1]";
    assertThat(detail(post(with(field, wrong)), 400)).contains("'" + field + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"external_reference", "contact_id", "amount", "currency", "title"})
  void aFieldThatIsMissingIsNamed(String field) {
    assertThat(detail(post(with(field, "null")), 400)).contains(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "external_reference | \" \"",
        "external_reference | \"a\\nb\"",
        "contact_id         | \"../x\"",
        "amount             | 0",
        "amount             | -1",
        "amount             | 1.23456",
        "amount             | 99.999",
        "amount             | 1e400",
        "currency           | \"ars\"",
        "currency           | \"$\"",
        "currency           | \"ABC\"",
        "title              | \"\"",
        "payer_email        | \"nobody\"",
        "currencyy          | \"ARS\"",
      })
  void aFieldThatIsWrongOrUnknownIsNamedAndNothingIsRegistered(String field, String value) {
    String before = acuse.get("/api/checkouts").body();

    assertThat(detail(post(with(field, value)), 400)).contains(field);

    assertThat(acuse.get("/api/checkouts").body()).isEqualTo(before);
  }

  @Test
  void whileMercadoPagoIsOutNothingIsHalfMade() {
    String reference = reference();
    sandbox.mercadoPago().stopListening();

    HttpResponse<String> refused = register(reference, "10");

    assertProblem(refused, 503, "unavailable");
    assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
    assertThat(acuse.items("/api/checkouts?external_reference=" + reference)).isEmpty();
    sandbox.mercadoPago().startListening();
    assertThat(register(reference, "10").statusCode()).isEqualTo(201);
  }

  @Test
  void anAnswerThatWasLostIsMadeUpForByAskingAgain() {
    String reference = reference();
    sandbox.mercadoPago().faults().loseAnswers(1);
    assertProblem(register(reference, "10"), 503, "unavailable");

    assertThat(register(reference, "10").statusCode()).isEqualTo(201);

    assertThat(acuse.items("/api/checkouts?external_reference=" + reference)).hasSize(1);
  }

  @Test
  void whatMercadoPagoRefusesIsAnsweredAsItsRefusal() {
    String reference = reference();
    sandbox.mercadoPago().faults().fail(1, 400);

    assertProblem(register(reference, "10"), 502, "preference_refused");

    assertThat(acuse.items("/api/checkouts?external_reference=" + reference)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/checkouts/999999, 404, not_found",
    "/api/checkouts/abc, 400, invalid_parameter",
    "/api/checkouts/0, 400, invalid_parameter",
    "/api/checkouts/99999999999999999999, 400, invalid_parameter",
    "/api/checkouts?limit=0, 400, invalid_parameter",
    "/api/payments/999999, 404, not_found",
    "/api/payments/-1, 400, invalid_parameter",
    "/api/payments?limit=501, 400, invalid_parameter",
    "/api/payments?linked=perhaps, 400, invalid_parameter",
  })
  void whatIsUnknownOrMalformedIsAProblem(String path, int status, String code) {
    assertProblem(acuse.get(path), status, code);
  }

  @Test
  void paymentsAreFoundByEachFilter() {
    JsonNode fitting = paid(reference(), "10", "10", PaymentOutcome.APPROVED);
    JsonNode flagged = paid(reference(), "10", "11", PaymentOutcome.APPROVED);
    JsonNode rejected = paid(reference(), "10", "10", PaymentOutcome.REJECTED);
    JsonNode unlinked = paid(null, "10", "10", PaymentOutcome.APPROVED);

    assertThat(found("status=rejected")).contains(rejected).doesNotContain(fitting);
    assertThat(found("flagged=true")).contains(flagged).doesNotContain(fitting, unlinked);
    assertThat(found("flagged=false")).contains(fitting, unlinked).doesNotContain(flagged);
    assertThat(found("linked=false")).contains(unlinked).doesNotContain(fitting, flagged);
    assertThat(found("linked=true")).contains(fitting, flagged).doesNotContain(unlinked);
    assertThat(found("payment_id=" + fitting.path("mp_payment_id").asText()))
        .containsExactly(fitting);
    assertThat(found("external_reference=" + rejected.path("external_reference").asText()))
        .containsExactly(rejected);
    String flaggedReference = flagged.path("external_reference").asText();
    assertThat(found("status=approved&flagged=true&external_reference=" + flaggedReference))
        .containsExactly(flagged);
    assertThat(found("status=rejected&external_reference=" + flaggedReference)).isEmpty();
    assertThat(found("limit=1")).containsExactly(unlinked);
  }

  @Test
  void aPaymentThatDoesNotFitTagsNobodyUntilItIsAccepted() {
    String reference = reference();
    JsonNode payment = paid(reference, "10", "11", PaymentOutcome.APPROVED);
    String path = "/api/payments/" + payment.path("id").asText();
    assertThat(payment.path("flag").asText()).isEqualTo("amount_mismatch");
    assertThat(payment.path("status").asText()).isEqualTo("approved");
    assertThat(sandbox.goHighLevel().tagCalls("contact-" + reference)).isEmpty();

    HttpResponse<String> accepted = acuse.post(path + "/accept", "");

    List<String> actors =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT actor FROM operator_actions"
                                + " WHERE action = 'accept' AND target = :target")
                        .bind("target", path.replace("/api/payments/", "payment "))
                        .mapTo(String.class)
                        .list());
    assertThat(actors).as("who is in the audit").containsExactly("loopback");

    assertThat(accepted.statusCode()).isEqualTo(200);
    assertThat(RunningAcuse.json(accepted).path("accepted_at").isTextual()).isTrue();
    await()
        .untilAsserted(
            () ->
                assertThat(RunningAcuse.json(acuse.get(path)).path("tags"))
                    .singleElement()
                    .matches(tag -> tag.path("applied_at").isTextual()));
    assertThat(sandbox.goHighLevel().tagsOf("contact-" + reference))
        .containsExactly("pago_confirmado");
    assertThat(acuse.post(path + "/accept", "").statusCode()).as("repeated").isEqualTo(200);
    awaitNothingToDo();
    assertThat(sandbox.goHighLevel().tagCalls("contact-" + reference)).hasSize(1);
  }

  @Test
  void aPartIsAcceptedAsTheWhole() {
    String reference = reference();
    JsonNode payment = paid(reference, "10", "9", PaymentOutcome.APPROVED);
    assertThat(payment.path("flag").isNull()).isTrue();
    assertThat(sandbox.goHighLevel().tagCalls("contact-" + reference)).isEmpty();

    HttpResponse<String> accepted =
        acuse.post("/api/payments/" + payment.path("id").asText() + "/accept", "");

    assertThat(accepted.statusCode()).isEqualTo(200);
    assertThat(RunningAcuse.json(accepted).path("flag_detail").asText())
        .isEqualTo("9 instead of 10");
    awaitNothingToDo();
    assertThat(
            acuse
                .items("/api/checkouts?external_reference=" + reference)
                .get(0)
                .path("status")
                .asText())
        .isEqualTo("paid");
    assertThat(sandbox.goHighLevel().tagsOf("contact-" + reference))
        .containsExactly("pago_confirmado");
  }

  @Test
  void onlyAPaymentThatWasFlaggedCanBeAccepted() {
    JsonNode fitting = paid(reference(), "10", "10", PaymentOutcome.APPROVED);

    assertProblem(
        acuse.post("/api/payments/" + fitting.path("id").asText() + "/accept", ""),
        409,
        "not_flagged");
    assertProblem(acuse.post("/api/payments/999999/accept", ""), 404, "not_found");
    assertProblem(acuse.post("/api/payments/x/accept", ""), 400, "invalid_parameter");
  }

  private String reference() {
    return "checkout-" + ++last;
  }

  private HttpResponse<String> register(String reference, String amount) {
    return post(body(reference, amount));
  }

  private HttpResponse<String> post(String body) {
    return acuse.post("/api/checkouts", body);
  }

  private static String body(String reference, String amount) {
    return """
    {"external_reference": "%s", "contact_id": "contact-%s", "amount": %s, "currency": "ARS",
     "title": "Consulta", "payer_email": "payer@example.test"}
    """
        .formatted(reference, reference, amount);
  }

  /** A good body but for one field, which is added if there is none of that name. */
  private String with(String field, String value) {
    var body = (ObjectNode) RunningAcuse.json(body("r", "10"));
    return body.putRawValue(field, new RawValue(value)).toString();
  }

  /**
   * A checkout for one amount, paid with another; answers the payment as the API shows it.
   *
   * @param reference null for a payment without a checkout
   */
  private JsonNode paid(
      @Nullable String reference, String due, String amount, PaymentOutcome outcome) {
    if (reference != null) {
      sandbox.goHighLevel().addContact("contact-" + reference, null);
      assertThat(register(reference, due).statusCode()).isEqualTo(201);
    }
    var terms =
        new SandboxPayment.Terms(
            new BigDecimal(amount),
            "ARS",
            reference,
            null,
            sandbox.options().credentials().collectorId(),
            Map.of());
    String id = String.valueOf(sandbox.mercadoPago().payDirectly(terms, outcome).payment().id());
    assertThat(acuse.send(sandbox.notifications().paymentCreated(id)).status()).isEqualTo(200);
    awaitNothingToDo();
    return found("payment_id=" + id).get(0);
  }

  private void awaitNothingToDo() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(acuse.items("/api/webhook-events?status=pending")).isEmpty();
              assertThat(acuse.items("/api/webhook-events?status=processing")).isEmpty();
            });
  }

  private JsonNode found(String query) {
    return acuse.items("/api/payments?" + query);
  }

  private long preferencesAsked() {
    return sandbox.mercadoPago().requestCount("/checkout/preferences");
  }

  private static String detail(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    return RunningAcuse.json(response).path("detail").asText();
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(RunningAcuse.json(response).path("code").asText()).isEqualTo(code);
  }
}
