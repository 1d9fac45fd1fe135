package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.dispute.CaseDetails;
import dev.acuse.dispute.CaseFacts;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeState;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.dispute.PaymentSeen;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.CaseFixture;
import dev.acuse.support.CaseFixture.Case;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disputes over the API; each engine has a class of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DisputesApi {
  private static final String DISPUTES = "/api/disputes";

  /** More than 2^53: as a number it would be another one. */
  private static final String CASE = "217000060000000001";

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;
  private final CaseFixture cases;
  private final EffectFixture payments;

  DisputesApi(Engine engine) {
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
              for (String table : List.of("dispute_payments", "disputes", "payments")) {
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

  /** As it was stored by what keeps disputes. */
  @Test
  void aDisputeIsShownWithItsPaymentsAndItsDeadline() {
    Instant deadline = now.plus(Duration.ofDays(5));
    var store = new DisputeStore(database.jdbi(), InstantSource.fixed(now));
    var details =
        new CaseDetails(
            "opened",
            "dispute",
            "mediations",
            "PDD9939",
            new BigDecimal("1500.50"),
            "ARS",
            deadline,
            "pending",
            "eligible",
            "warning_payment",
            now.minusSeconds(60),
            now);
    store.apply(
        1,
        CaseFacts.read(
            DisputeKind.CLAIM,
            CASE,
            details,
            DisputeState.OPEN,
            List.of(PaymentSeen.named("900"), PaymentSeen.named("901"))));
    long known = payments.payment("900", null);
    long id = json(DISPUTES).path("items").path(0).path("id").asLong();

    JsonNode dispute = json(DISPUTES + "/" + id);

    assertThat(dispute).isEqualTo(json(DISPUTES).path("items").path(0));
    assertThat(dispute.path("account").asText()).isEqualTo("main");
    assertThat(dispute.path("kind").asText()).isEqualTo("claim");
    assertThat(dispute.path("mp_id").isTextual()).isTrue();
    assertThat(dispute.path("mp_id").asText()).isEqualTo(CASE);
    assertThat(dispute.path("state").asText()).isEqualTo("open");
    assertThat(dispute.path("status").asText()).isEqualTo("opened");
    assertThat(dispute.path("stage").asText()).isEqualTo("dispute");
    assertThat(dispute.path("type").asText()).isEqualTo("mediations");
    assertThat(dispute.path("reason").asText()).isEqualTo("PDD9939");
    assertThat(dispute.path("amount").decimalValue()).isEqualByComparingTo("1500.5");
    assertThat(dispute.path("currency").asText()).isEqualTo("ARS");
    assertThat(Instant.parse(dispute.path("deadline").asText())).isEqualTo(deadline);
    assertThat(dispute.path("documentation_status").asText()).isEqualTo("pending");
    assertThat(dispute.path("coverage").asText()).isEqualTo("eligible");
    assertThat(dispute.path("resolution").asText()).isEqualTo("warning_payment");
    assertThat(dispute.path("problem").isNull()).isTrue();
    assertThat(Instant.parse(dispute.path("next_look_at").asText())).isAfter(now);
    assertThat(Instant.parse(dispute.path("mp_updated_at").asText())).isEqualTo(now);
    assertThat(Instant.parse(dispute.path("created_at").asText())).isEqualTo(now);
    assertThat(dispute.path("closed_at").isNull()).isTrue();
    assertThat(dispute.path("payments"))
        .hasToString(
            "[{\"id\":%d,\"mp_payment_id\":\"900\"},{\"id\":null,\"mp_payment_id\":\"901\"}]"
                .formatted(known));
    ProblemAnswer.of(acuse.get(DISPUTES + "/" + (id + 1)), 404, "not_found");
    ProblemAnswer.of(acuse.get(DISPUTES + "/x"), 400, "invalid_parameter");
  }

  @Test
  void aCaseThatCannotBeReadSaysWhy() {
    long id =
        cases.dispute(new Case("chargeback", CASE, "unknown").withProblem("forbidden"), "900");
    long found = cases.dispute(new Case("chargeback", null, "open"), "901");

    JsonNode dispute = json(DISPUTES + "/" + id);
    assertThat(dispute.path("state").asText()).isEqualTo("unknown");
    assertThat(dispute.path("problem").asText()).isEqualTo("forbidden");
    assertThat(dispute.path("deadline").isNull()).isTrue();
    assertThat(dispute.path("payments").path(0).path("mp_payment_id").asText()).isEqualTo("900");
    assertThat(json(DISPUTES + "/" + found).path("mp_id").isNull()).isTrue();
  }

  @Test
  void aPaymentNamesItsDisputes() {
    long payment = payments.payment("900", null);
    long other = payments.payment("902", null);
    long first = cases.dispute(new Case("claim", "5", "closed"), "900", "901");
    Instant deadline = now.plusSeconds(3600);
    long second = cases.dispute(new Case("chargeback", CASE, "open").due(deadline), "900");

    JsonNode disputes = json("/api/payments/" + payment).path("disputes");

    assertThat(disputes).extracting(one -> one.path("id").asLong()).containsExactly(second, first);
    assertThat(disputes.path(0).path("kind").asText()).isEqualTo("chargeback");
    assertThat(disputes.path(0).path("mp_id").asText()).isEqualTo(CASE);
    assertThat(disputes.path(0).path("state").asText()).isEqualTo("open");
    assertThat(Instant.parse(disputes.path(0).path("deadline").asText())).isEqualTo(deadline);
    assertThat(disputes.path(1).path("deadline").isNull()).isTrue();
    assertThat(json("/api/payments/" + other).path("disputes")).isEmpty();
  }

  @Test
  void theListIsNarrowedAndPagedAsOthersAre() {
    Instant soon = now.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
    long first = cases.dispute(new Case("chargeback", CASE, "open").due(soon), "900");
    long second = cases.dispute(new Case("claim", "5", "lost").due(soon), "900", "901");
    long third = cases.dispute(new Case("fraud_alert", "902", "open"), "902");
    long fourth =
        cases.dispute(new Case("chargeback", null, "open").due(soon.plusSeconds(1)), "903");

    assertThat(listed("")).containsExactly(fourth, third, second, first);
    assertThat(listed("?kind=chargeback")).containsExactly(fourth, first);
    assertThat(listed("?kind=fraud_alert")).containsExactly(third);
    assertThat(listed("?state=lost")).containsExactly(second);
    assertThat(listed("?open=true")).containsExactly(fourth, third, first);
    assertThat(listed("?open=false")).containsExactly(second);
    assertThat(listed("?payment_id=900")).containsExactly(second, first);
    assertThat(listed("?payment_id=900&kind=claim&account=main")).containsExactly(second);
    assertThat(listed("?payment_id=999")).isEmpty();
    assertThat(listed("?mp_id=" + CASE)).containsExactly(first);
    assertThat(listed("?mp_id=902")).containsExactly(third);
    assertThat(listed("?mp_id=217000060000000000")).as("the next double").isEmpty();
    assertThat(listed("?due_before=" + soon)).as("before, not at").isEmpty();
    String later = "?due_before=" + soon.plusSeconds(1);
    assertThat(listed(later)).containsExactly(second, first);
    assertThat(listed(later + "&open=true")).containsExactly(first);
    assertThat(listed("?due_before=" + soon.plusSeconds(2))).hasSize(3).doesNotContain(third);
    assertThat(listed("?unknown=1")).as("a list ignores what it does not know").hasSize(4);

    assertThat(json(DISPUTES + "?limit=2&kind=claim").path("next").isNull()).isTrue();
    String cursor = json(DISPUTES + "?limit=2").path("next").asText();
    assertThat(listed("?limit=2&cursor=" + cursor)).containsExactly(second, first);
    for (String other :
        List.of(
            DISPUTES + "?kind=claim",
            DISPUTES + "?state=open",
            DISPUTES + "?open=true",
            DISPUTES + later,
            DISPUTES + "?mp_id=5",
            "/api/orders?limit=2")) {
      String path = other.replace(DISPUTES + "?due", DISPUTES + "?limit=2&due");
      ProblemAnswer.of(acuse.get(path + "&cursor=" + cursor), 400, "invalid_cursor");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kind=Canary7, kind",
    "kind=unknown, kind",
    "state=OPEN, state",
    "open=yes, open",
    "account=Canary7, account",
    "payment_id=a%00b, payment_id",
    "mp_id=a%1Bb, mp_id",
    "due_before=tomorrow, due_before",
    "due_before=2026-13-01T00:00:00Z, due_before",
    "due_before=2026-12-01, due_before",
    "limit=501, limit",
    "state=open&state=lost, state",
  })
  void badParameterIsNamed(String query, String name) {
    JsonNode problem =
        ProblemAnswer.of(acuse.get(DISPUTES + "?" + query), 400, "invalid_parameter");

    assertThat(problem.path("detail").asText()).contains("'" + name + "'");
  }

  @Test
  void aWordOfANewerVersionBreaksNoAnswer() {
    long payment = payments.payment("900", null);
    long id = cases.dispute(new Case("duel", "7", "adjourned").inWords("at dawn"), "900");

    for (JsonNode dispute :
        List.of(json(DISPUTES + "/" + id), json(DISPUTES).path("items").path(0))) {
      assertThat(dispute.path("kind").asText()).isEqualTo("unknown");
      assertThat(dispute.path("state").asText()).isEqualTo("unknown");
      assertThat(dispute.path("status").asText()).as("verbatim").isEqualTo("at dawn");
    }
    assertThat(json("/api/payments/" + payment).path("disputes").path(0).path("kind").asText())
        .isEqualTo("unknown");
  }

  private List<Long> listed(String query) {
    List<Long> ids = new ArrayList<>();
    json(DISPUTES + query).path("items").forEach(item -> ids.add(item.path("id").asLong()));
    return ids;
  }

  private JsonNode json(String path) {
    HttpResponse<String> answer = acuse.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningAcuse.json(answer);
  }
}
