package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.order.OrderPaymentStatus;
import dev.acuse.order.OrderSnapshot;
import dev.acuse.order.OrderStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.CaseFixture;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders over the API; each engine has a class of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OrdersApi {
  private static final String ORDERS = "/api/orders";

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;
  private final CaseFixture cases;
  private final EffectFixture payments;

  OrdersApi(Engine engine) {
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, Map.of());
    cases = new CaseFixture(database.jdbi(), now);
    payments = new EffectFixture(database.jdbi(), now);
  }

  @BeforeEach
  void empty() {
    database
        .jdbi()
        .useHandle(
            handle -> {
              for (String table : List.of("mp_order_payments", "mp_orders", "payments")) {
                handle.execute("DELETE FROM " + table);
              }
            });
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  /** As it was stored by what keeps orders. */
  @Test
  void anOrderIsShownWithItsPayments() {
    var store = new OrderStore(database.jdbi(), InstantSource.fixed(now));
    Instant made = now.minusSeconds(60);
    var said =
        new OrderSnapshot(
            "ORD01K0000000000000000000001",
            "online",
            "co_7f3a",
            "action_required",
            "waiting_transfer",
            new BigDecimal("1500.5"),
            new BigDecimal("0"),
            "ARS",
            made,
            now);
    store.apply(1, said, Set.of("901", "900"), false);
    long known = payments.payment("900", null);
    long id = json(ORDERS).path("items").path(0).path("id").asLong();

    JsonNode order = json(ORDERS + "/" + id);

    assertThat(order.path("account").asText()).isEqualTo("main");
    assertThat(order.path("mp_order_id").asText()).isEqualTo("ORD01K0000000000000000000001");
    assertThat(order.path("type").asText()).isEqualTo("online");
    assertThat(order.path("external_reference").asText()).isEqualTo("co_7f3a");
    assertThat(order.path("status").asText()).isEqualTo("action_required");
    assertThat(order.path("status_detail").asText()).isEqualTo("waiting_transfer");
    assertThat(order.path("payment_status").asText()).isEqualTo(OrderPaymentStatus.PENDING.code());
    assertThat(order.path("amount").decimalValue()).isEqualByComparingTo("1500.5");
    assertThat(order.path("paid_amount").decimalValue()).isEqualByComparingTo("0");
    assertThat(order.path("currency").asText()).isEqualTo("ARS");
    assertThat(Instant.parse(order.path("mp_created_at").asText())).isEqualTo(made);
    assertThat(Instant.parse(order.path("mp_updated_at").asText())).isEqualTo(now);
    assertThat(Instant.parse(order.path("next_look_at").asText())).isAfter(now);
    assertThat(order.path("payments"))
        .hasToString(
            "[{\"id\":%d,\"mp_payment_id\":\"900\"},{\"id\":null,\"mp_payment_id\":\"901\"}]"
                .formatted(known));
    ProblemAnswer.of(acuse.get(ORDERS + "/" + (id + 1)), 404, "not_found");
    ProblemAnswer.of(acuse.get(ORDERS + "/x"), 400, "invalid_parameter");
    ProblemAnswer.of(acuse.get(ORDERS + "/ORD01K0000000000000000000001"), 400, "invalid_parameter");
  }

  @Test
  void aPaymentNamesItsOrders() {
    long payment = payments.payment("900", null);
    long other = payments.payment("901", null);
    long first = cases.order("ORD1", "processed", "accredited", "900", "902");
    long second = cases.order("ORD2", "settled_by_barter", null, "900");
    cases.order("ORD3", "created", null);

    JsonNode orders = json("/api/payments/" + payment).path("orders");

    assertThat(orders).extracting(one -> one.path("id").asLong()).containsExactly(second, first);
    assertThat(orders.path(1))
        .hasToString(
            """
            {"id":%d,"mp_order_id":"ORD1","status":"processed","status_detail":"accredited",\
            "payment_status":"approved"}"""
                .formatted(first));
    assertThat(orders.path(0).path("status").asText())
        .as("verbatim")
        .isEqualTo("settled_by_barter");
    assertThat(orders.path(0).path("payment_status").asText()).isEqualTo("unknown");
    assertThat(json("/api/payments/" + other).path("orders")).isEmpty();
  }

  @Test
  void theListIsNarrowedAndPagedAsOthersAre() {
    long first = cases.order("ORD1", "processed", "accredited", "900");
    long second = cases.order("ORD2", "settled_by_barter", null, "900", "901");
    long third = cases.order("ORD3", "processed", "refunded");

    assertThat(listed("")).containsExactly(third, second, first);
    assertThat(listed("?status=processed")).containsExactly(third, first);
    assertThat(listed("?status=settled_by_barter")).containsExactly(second);
    assertThat(listed("?status=SETTLED_by_barter")).isEmpty();
    assertThat(listed("?external_reference=order-1")).hasSize(3);
    assertThat(listed("?external_reference=order-2")).isEmpty();
    assertThat(listed("?mp_order_id=ORD2")).containsExactly(second);
    assertThat(listed("?payment_id=900")).containsExactly(second, first);
    assertThat(listed("?payment_id=900&status=processed&account=main")).containsExactly(first);
    assertThat(listed("?payment_id=901")).containsExactly(second);
    assertThat(listed("?payment_id=999")).isEmpty();
    assertThat(listed("?unknown=1")).as("a list ignores what it does not know").hasSize(3);

    assertThat(json(ORDERS + "?limit=2&payment_id=900").path("next").isNull()).isTrue();
    String cursor = json(ORDERS + "?limit=2").path("next").asText();
    assertThat(listed("?limit=2&cursor=" + cursor)).containsExactly(first);
    for (String other :
        List.of(
            ORDERS + "?status=processed",
            ORDERS + "?mp_order_id=ORD1",
            ORDERS + "?payment_id=900",
            ORDERS + "?account=main",
            "/api/disputes?limit=2",
            "/api/payments?limit=2")) {
      String path = other + "&cursor=" + cursor;
      ProblemAnswer.of(acuse.get(path), 400, "invalid_cursor");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "account=Canary7, account",
    "status=a%00b, status",
    "external_reference=a%0Ab, external_reference",
    "mp_order_id=a%1Bb, mp_order_id",
    "payment_id=a%00b, payment_id",
    "limit=0, limit",
    "limit=501, limit",
    "status=processed&status=failed, status",
  })
  void badParameterIsNamed(String query, String name) {
    JsonNode problem = ProblemAnswer.of(acuse.get(ORDERS + "?" + query), 400, "invalid_parameter");

    assertThat(problem.path("detail").asText()).contains("'" + name + "'");
    ProblemAnswer.of(
        acuse.get(ORDERS + "?mp_order_id=" + "x".repeat(257)), 400, "invalid_parameter");
  }

  private List<Long> listed(String query) {
    List<Long> ids = new ArrayList<>();
    json(ORDERS + query).path("items").forEach(item -> ids.add(item.path("id").asLong()));
    return ids;
  }

  private JsonNode json(String path) {
    HttpResponse<String> answer = acuse.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningAcuse.json(answer);
  }
}
