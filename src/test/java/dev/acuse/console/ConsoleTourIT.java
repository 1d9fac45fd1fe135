package dev.acuse.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Walks through the console as the tutorial does, and leaves a picture of each page in {@code
 * target/tour}; with {@code -Dtour=docs/images} where the documentation shows them.
 */
@Tag("tour")
@EnabledIf(value = "dev.acuse.console.Browser#isThere", disabledReason = "no Chromium")
class ConsoleTourIT {
  private static final Path PICTURES =
      Path.of(System.getProperty("tour", "")).toString().isEmpty()
          ? Path.of("target", "tour")
          : Path.of(System.getProperty("tour"));

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final EventStore store = new EventStore(database.jdbi(), InstantSource.system(), 4);
  private final EventReader reader =
      new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
  private RunningAcuse acuse;
  private Browser browser;
  private Page page;

  @BeforeEach
  void start() throws Exception {
    // What was paid before anybody listened is found at the start.
    for (int i = 0; i < 9; i++) {
      sandbox.goHighLevel().addContact("c" + i, null);
      sandbox
          .mercadoPago()
          .payDirectly(
              new SandboxPayment.Terms(
                  BigDecimal.TEN, "ARS", null, null, 448_800_001L, Map.of("contact_id", "c" + i)),
              PaymentOutcome.APPROVED);
    }
    acuse = RunningAcuse.start(database, sandbox, Map.of("reconciliation.every", "10m"));
    browser = Browser.start();
    page =
        browser.visitor(
            acuse.url(""),
            new NewContextOptions()
                .setLocale("en-GB")
                .setTimezoneId("America/Argentina/Buenos_Aires")
                .setViewportSize(1200, 720));
    Files.createDirectories(PICTURES);
  }

  @AfterEach
  void close() {
    browser.close();
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void everyPageAsTheTutorialShowsIt() {
    awaitEnded(9);
    for (int i = 1; i <= 12; i++) {
      sale("order-100" + i, i % 5 == 0 ? PaymentOutcome.REJECTED : PaymentOutcome.APPROVED);
    }
    awaitEnded(21);
    sandbox.goHighLevel().faults().always(Fault.status(422));
    sale("order-1013", PaymentOutcome.APPROVED);
    sale("order-1014", PaymentOutcome.APPROVED);
    Awaitility.await()
        .until(
            () ->
                reader.countByStatus(Scope.everything()).getOrDefault(EventStatus.FAILED, 0L) == 2);
    sandbox.goHighLevel().faults().none();
    store.append(Events.quarantined("quarantine:1", "{\"type\":\"payment\"}"));

    show("events", "/console/events");
    page.navigate("/console/events?status=failed");
    page.locator("a.open").first().click();
    assertThat(page.locator("#timeline")).isVisible();
    picture("event");
    page.navigate("/console/events?status=failed");
    page.locator("tbody [name=id]").first().check();
    page.locator("#retry-selected").click();
    assertThat(page.locator("[name=reason]")).isVisible();
    page.locator("[name=reason]").fill("GoHighLevel is back");
    picture("bulk");
    page.locator("button.primary").click();
    assertThat(page.locator("#action")).containsText("GoHighLevel is back");
    show("payments", "/console/payments");
    page.locator("a.open").first().click();
    picture("payment");
    show("checkouts", "/console/checkouts");
    show("reconciliation", "/console/reconciliation");
    show("health", "/console/health?period=hour");
    assertThat(page.locator("#tiles")).containsText("MercadoPago 9 · here 9 · missing 0");
    show("audit", "/console/audit");
    browser.assertNoComplaints();
    Assertions.assertThat(
            List.of(
                "events",
                "event",
                "bulk",
                "payments",
                "payment",
                "checkouts",
                "reconciliation",
                "health",
                "audit"))
        .allSatisfy(
            name -> Assertions.assertThat(PICTURES.resolve(name + ".png")).isNotEmptyFile());
  }

  private void sale(String reference, PaymentOutcome outcome) {
    acuse.checkout(reference, "contact-" + reference);
    String payment = String.valueOf(sandbox.mercadoPago().pay(reference, outcome).payment().id());
    acuse.send(sandbox.notifications().paymentCreated(payment));
  }

  /**
   * Counts without the events of effects, which follow from those of webhooks; but these have ended
   * too, or the next fault would meet them.
   */
  private void awaitEnded(long events) {
    Awaitility.await()
        .until(
            () ->
                database.count("webhook_events WHERE status = 'success' AND origin <> 'effect'")
                        == events
                    && database.count("webhook_events WHERE status IN ('pending', 'processing')")
                        == 0);
  }

  private void show(String name, String path) {
    page.navigate(path);
    assertThat(page.locator("h1")).isVisible();
    picture(name);
  }

  private void picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(false));
  }
}
