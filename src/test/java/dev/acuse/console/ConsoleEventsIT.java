package dev.acuse.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The events of the console in a real browser, on the running service with the sandbox. */
@EnabledIf(value = "dev.acuse.console.Browser#isThere", disabledReason = "no Chromium")
class ConsoleEventsIT {
  private static final String HOSTILE =
      "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>";

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;
  private static Browser browser;
  private static EventStore store;
  private static EventReader reader;

  private Page page;

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    acuse = RunningAcuse.start(database, sandbox, Map.of());
    browser = Browser.start();
    store = new EventStore(database.jdbi(), InstantSource.system(), 4);
    reader = new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
  }

  @AfterAll
  static void stop() {
    browser.close();
    acuse.close();
    sandbox.close();
    database.close();
  }

  @BeforeEach
  void visit() {
    browser.complaints().clear();
    page = browser.visitor(acuse.url(""));
  }

  @AfterEach
  void nothingWentWrongInThePages() {
    sandbox.mercadoPago().faults().none();
    sandbox.goHighLevel().faults().none();
    // An open page asks again for what is deleted.
    page.context().close();
    database.jdbi().useHandle(handle -> handle.execute("DELETE FROM webhook_attempts"));
    database.jdbi().useHandle(handle -> handle.execute("DELETE FROM webhook_events"));
    browser.assertNoComplaints();
  }

  @Test
  void withoutAUserOnlyThisMachineIsAnswered() {
    Assertions.assertThat(acuse.get("/console/events").statusCode()).isEqualTo(200);
    for (String header : List.of("X-Forwarded-For", "Forwarded", "Via")) {
      var forwarded =
          HttpRequest.newBuilder(acuse.url("/console/events")).header(header, "203.0.113.9");
      Assertions.assertThat(acuse.exchange(forwarded.build()).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void theFirstRunSaysWhatToDo() {
    page.navigate("/console");

    assertThat(page.getByText("No webhook has arrived yet.")).isVisible();
    assertThat(page.locator("pre")).containsText("/webhooks/mp");
  }

  @Test
  void aViewIsFoundByItsFiltersAndKeptInTheAddress() {
    store.append(event("mp:payment:1:a", "payment", "1", EventStatus.IGNORED, "{}"));
    store.append(event("mp:merchant_order:2:b", "merchant_order", "2", EventStatus.IGNORED, "{}"));

    page.navigate("/console/events");
    assertThat(rows()).hasCount(2);
    page.getByLabel("Type").fill("merchant_order");
    page.getByRole(AriaRole.BUTTON, button("Filter")).click();
    assertThat(rows()).hasCount(1);
    assertThat(rows()).containsText("merchant_order");
    page.getByRole(AriaRole.LINK, link("ignored")).click();
    assertThat(page).hasURL(Pattern.compile("\\?status=ignored&type=merchant_order$"));

    page.keyboard().press("/");
    page.keyboard().type("mp:payment:1");
    page.getByLabel("Type").fill("");
    page.keyboard().press("Enter");
    assertThat(rows()).hasCount(1);
    assertThat(rows()).containsText("payment");
    page.navigate("/console/events?q=nothing-like-it");
    assertThat(page.getByText("Nothing matches.")).isVisible();
    page.navigate("/console/events?from=2000-01-01&to=2000-01-02");
    assertThat(page.getByText("Nothing matches.")).isVisible();
  }

  @Test
  void aParameterThatIsNoneIsExplainedOnAPage() {
    var answer = page.navigate("/console/events?status=nonsense");

    Assertions.assertThat(answer.status()).isEqualTo(400);
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("must be one of");
    assertThat(page.getByRole(AriaRole.LINK, link("To the events"))).isVisible();
    // The browser itself tells of the status.
    browser.complaints().removeIf(complaint -> complaint.contains("400"));
  }

  @Test
  void anOlderPageFollowsTheNewest() {
    Events.insert(database.jdbi(), 60, EventStatus.IGNORED, Instant.now());

    page.navigate("/console/events");
    assertThat(rows()).hasCount(50);
    page.getByRole(AriaRole.LINK, link("Older")).click();
    assertThat(rows()).hasCount(10);
    page.getByRole(AriaRole.LINK, link("Newest")).click();
    assertThat(rows()).hasCount(50);
  }

  @Test
  void aFailedEventIsRetriedAndTurnsGreenWithoutAReload() {
    String payment = sale("retried");
    sandbox.mercadoPago().faults().always(404);
    acuse.send(sandbox.notifications().paymentCreated(payment));
    awaitStatus("failed", 1);
    page.navigate("/console/events?status=failed");
    page.keyboard().press("j");
    page.keyboard().press("Enter");
    assertThat(page.locator("#head .badge")).hasText("failed");
    assertThat(page.locator("#timeline li.failed .steps")).containsText("look-up");

    sandbox.mercadoPago().faults().none();
    // The page's script has run, so it hears the keyboard.
    assertThat(page.locator("#live")).isVisible();
    page.keyboard().press("r");
    page.keyboard().type("the payment is there now");
    page.keyboard().press("Enter");

    assertThat(page.getByText("The event is due now.")).isVisible();
    page.evaluate("() => { window.stillHere = true; }");
    assertThat(page.locator("#head .badge")).hasText("success");
    Assertions.assertThat(page.evaluate("() => window.stillHere")).isEqualTo(true);
    assertThat(page.locator("#timeline .human")).containsText("the payment is there now");
    assertThat(page.locator("#actions details#ignore")).hasCount(0);
  }

  @Test
  void whatIsTypedWhileAFreshPageIsUnderWayStays() {
    store.append(event("mp:payment:6:f", "payment", "6", EventStatus.IGNORED, "{}"));
    // The page asks for a fresh one and has the head of the answer, but not its text yet.
    page.addInitScript(
        """
        const ask = window.fetch.bind(window);
        const gate = new Promise((open) => { window.openGate = open; });
        window.fetch = async (...request) => {
          const answer = await ask(...request);
          const text = answer.text.bind(answer);
          answer.text = async () => {
            window.stage = "under way";
            await gate;
            setTimeout(() => { window.stage = "over"; });
            return text();
          };
          return answer;
        };
        """);
    page.navigate("/console/events");
    page.locator("a.open").click();
    page.waitForFunction("() => window.stage === 'under way'");

    page.locator("details#retry > summary").click();
    page.getByLabel("Reason").fill("asked for by the merchant");
    page.evaluate("() => window.openGate()");
    page.waitForFunction("() => window.stage === 'over'");

    assertThat(page.getByLabel("Reason")).hasValue("asked for by the merchant");
  }

  @Test
  void whatIsSelectedAndWhatMatchesIsRetriedWithAReasonThatIsKept() {
    Events.insert(database.jdbi(), 200, EventStatus.FAILED, Instant.now());
    Events.insert(database.jdbi(), 3, EventStatus.IGNORED, Instant.now());
    Desks.of(database.jdbi(), InstantSource.system(), 4).pause("test");

    page.navigate("/console/events?status=failed");
    page.locator("#select-all").check();
    assertThat(page.locator("#selected")).hasText("(50)");
    page.getByRole(AriaRole.BUTTON, button("Retry selected")).click();
    assertThat(page.getByText("50 can be retried.")).isVisible();
    page.getByRole(AriaRole.LINK, link("Cancel")).click();
    page.getByRole(AriaRole.BUTTON, button("Retry all that match…")).click();
    assertThat(page.getByText("200 can be retried.")).isVisible();
    page.getByLabel("Reason").fill("the CRM is back");
    page.getByRole(AriaRole.BUTTON, button("Retry 200")).click();

    assertThat(page.getByText("200 of 200")).isVisible();
    assertThat(page.getByText("Finished")).isVisible();
    Assertions.assertThat(reader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.PENDING, 200L)
        .containsEntry(EventStatus.IGNORED, 3L);
    page.navigate("/console/audit");
    assertThat(rows().first())
        .containsText(
            Pattern.compile(
                "loopback.*retried many.*status=failed.*200.*the CRM is back", Pattern.DOTALL));
    Desks.of(database.jdbi(), InstantSource.system(), 4).resume("test");
  }

  @Test
  void scriptInAnyFieldIsShownAsText() {
    store.append(
        new NewEvent(
            "mp:" + HOSTILE,
            "mp",
            HOSTILE.substring(0, 60),
            HOSTILE.substring(0, 60),
            HOSTILE.substring(0, 60),
            EventStatus.IGNORED,
            HOSTILE,
            SignatureState.UNCHECKED,
            EventOrigin.WEBHOOK,
            ("{\""
                    + HOSTILE.replace("\"", "\\\"")
                    + "\":\""
                    + HOSTILE.replace("\"", "\\\"")
                    + "\"}")
                .getBytes(StandardCharsets.UTF_8),
            HOSTILE,
            Map.of("user-agent", HOSTILE)));

    page.navigate("/console/events?q=" + "%3Cscript%3Ealert(1)%3C/script%3E");
    assertThat(page.getByRole(AriaRole.SEARCHBOX)).hasValue("<script>alert(1)</script>");
    page.navigate("/console/events");
    assertThat(rows()).containsText("<script>alert(1)</script>");
    page.locator("a.open").click();

    assertThat(page.locator("pre").first()).containsText("<script>alert(1)</script>");
    assertThat(page.locator("main script, main img, main svg")).hasCount(0);
  }

  @Test
  void aPayloadOf900KilobytesIsShownAndItsNumbersAreExact() {
    String number = "12345678901234567890.1000000000000000001";
    String body = "{\"exact\":" + number + ",\"long\":\"" + "x".repeat(900 * 1024) + "\"}";
    store.append(event("mp:payment:3:c", "payment", "3", EventStatus.IGNORED, body));

    page.navigate("/console/events");
    page.locator("a.open").click();

    assertThat(page.locator("pre").first()).containsText(number);
    assertThat(page.locator("pre")).hasCount(2);
    assertThat(page.getByText("900 KiB")).isVisible();
  }

  @Test
  void aQuarantinedEventIsReleasedAndLookedUp() {
    String payment = sale("released");
    store.append(
        event(
            "quarantine:1",
            "payment",
            payment,
            EventStatus.QUARANTINED,
            "{\"type\":\"payment\",\"data\":{\"id\":\"" + payment + "\"}}"));

    page.navigate("/console/events?status=quarantined");
    page.locator("a.open").click();
    page.locator("details#release > summary").click();
    assertThat(page.getByText("It is believed in spite of its signature")).isVisible();
    page.getByRole(AriaRole.BUTTON, button("Release it")).click();

    assertThat(page.getByText("The event is released")).isVisible();
    assertThat(page.locator("#head .badge")).hasText("ignored");
    awaitStatus("success", 1);
    assertThat(page.getByRole(AriaRole.BUTTON, button("Release from quarantine"))).isDisabled();
  }

  @Test
  void newRowsWaitBehindALinkAndCountsAreLive() {
    store.append(event("mp:payment:4:d", "payment", "4", EventStatus.IGNORED, "{}"));
    page.navigate("/console/events");
    assertThat(page.locator("#tabs .ignored b")).hasText("1");

    store.append(event("mp:payment:5:e", "payment", "5", EventStatus.IGNORED, "{}"));

    assertThat(page.locator("#pill")).hasText("1 new event");
    assertThat(page.locator("#tabs .ignored b")).hasText("2");
    assertThat(rows()).hasCount(1);
    page.locator("#pill a").click();
    assertThat(rows()).hasCount(2);
  }

  private Locator rows() {
    return page.locator("tbody tr");
  }

  private static Page.GetByRoleOptions button(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static Page.GetByRoleOptions link(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static void awaitStatus(String status, long count) {
    await()
        .untilAsserted(
            () ->
                Assertions.assertThat(
                        reader
                            .countByStatusUpTo(Scope.everything(), 1_000)
                            .others(EventStatus.of(status)))
                    .isEqualTo(count));
  }

  /** Has a checkout paid; answers the payment's id. */
  private static String sale(String name) {
    acuse.checkout("order-" + name, "contact-" + name);
    return String.valueOf(
        sandbox.mercadoPago().pay("order-" + name, PaymentOutcome.APPROVED).payment().id());
  }

  private static NewEvent event(
      String webhookId, String type, String resource, EventStatus status, String body) {
    return new NewEvent(
        webhookId,
        "mp",
        type,
        type + ".updated",
        resource,
        status,
        "a reason",
        SignatureState.VERIFIED,
        EventOrigin.WEBHOOK,
        body.getBytes(StandardCharsets.UTF_8),
        "data.id=" + resource + "&type=" + type,
        Map.of("x-request-id", webhookId));
  }
}
