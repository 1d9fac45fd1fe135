package dev.acuse.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.CaseFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Every page of the console in a real browser: languages, themes, a phone, and axe. */
@EnabledIf(value = "dev.acuse.console.Browser#isThere", disabledReason = "no Chromium")
class ConsolePagesIT {
  private static final String PASSWORD = "correct horse battery";

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;
  private static Browser browser;

  // Each test begins with a visit.
  @SuppressWarnings("NullAway.Init")
  private Page page;

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    // The least cost that there is, because each test logs in.
    String hash = new BCryptPasswordEncoder(4).encode(PASSWORD);
    acuse =
        RunningAcuse.start(
            database,
            sandbox,
            Map.of(
                "console.users",
                "ana:operator:" + hash + ",ben:viewer:" + hash,
                "console.contactUrl",
                "https://crm.example.test/{contact}"));
    browser = Browser.start();
    var store = new EventStore(database.jdbi(), InstantSource.system(), 4);
    var reader = new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
    Events.insert(database.jdbi(), 3, EventStatus.FAILED, Instant.now());
    store.append(Events.quarantined("quarantine:1", "{}"));
    acuse.checkout("order-1", "contact-1");
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
    acuse.send(sandbox.notifications().paymentCreated(payment));
    Awaitility.await()
        .until(
            () ->
                reader.countByStatus(Scope.everything()).getOrDefault(EventStatus.SUCCESS, 0L)
                    // The webhook's event, and that of the tag.
                    == 2L);
    var cases = new CaseFixture(database.jdbi(), Instant.now());
    cases.order("ORD01K0000000000000000000001", "processed", "accredited", payment);
    cases.dispute(
        new CaseFixture.Case("chargeback", "217000060000000001", "open")
            .inWords("general")
            .due(Instant.now().plus(Duration.ofHours(30))),
        payment);
  }

  @AfterAll
  static void stop() {
    browser.close();
    acuse.close();
    sandbox.close();
    database.close();
  }

  @AfterEach
  void nothingWentWrongInThePages() {
    page.context().close();
    browser.assertNoComplaints();
  }

  private void visit(String user, NewContextOptions options) {
    page = browser.signedIn(acuse.url(""), user, PASSWORD, options);
  }

  private static NewContextOptions in(String locale) {
    return new NewContextOptions()
        .setLocale(locale)
        .setTimezoneId("America/Argentina/Buenos_Aires");
  }

  /**
   * The address of every page, with an event, a payment, an order, a dispute and a checkout to be
   * seen.
   */
  private List<String> pages() {
    List<String> pages = new ArrayList<>(List.of("/console/events", "/console/health"));
    pages.add("/console/events?q=nothing-like-it");
    pages.add("/console/nothing");
    for (String list :
        List.of("events?status=success", "payments", "orders", "disputes", "checkouts")) {
      pages.add("/console/" + list);
      page.navigate("/console/" + list);
      pages.add(page.locator("a.open").first().getAttribute("href"));
    }
    pages.add("/console/effects");
    pages.add("/console/reconciliation");
    pages.add("/console/audit");
    return pages;
  }

  private void visit(String path) {
    Assertions.assertThat(page.navigate(path).status())
        .as(path)
        .isEqualTo(path.endsWith("/nothing") ? 404 : 200);
  }

  @Tag("slow")
  @Test
  void axeFindsNothingOnAnyPageInEitherTheme() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page = browser.visitor(acuse.url(""), in("en").setColorScheme(scheme));
      page.navigate("/console/login");
      Assertions.assertThat(Axe.violations(page)).as("login, %s", scheme).isEmpty();
      page.context().close();
      visit("ana", in("en").setColorScheme(scheme));
      for (String path : pages()) {
        visit(path);
        page.locator("details").all().forEach(details -> details.evaluate("d => d.open = true"));
        Assertions.assertThat(Axe.violations(page)).as("%s, %s", path, scheme).isEmpty();
      }
      page.navigate("/console/events?status=failed");
      page.locator("tbody [name=id]").first().check();
      page.locator("#retry-selected").click();
      assertThat(page.locator("[name=reason]")).isVisible();
      Assertions.assertThat(Axe.violations(page)).as("bulk, %s", scheme).isEmpty();
      page.context().close();
    }
    // The browser itself tells of the page that there is none of.
    browser.complaints().removeIf(complaint -> complaint.contains("404"));
    visit("ana", in("en"));
  }

  @Test
  void aPageSpeaksTheLanguageOfTheBrowserAndTheOneThatIsChosen() {
    visit("ana", in("pt-BR"));
    assertThat(page.locator("h1")).hasText("Eventos");
    assertThat(page.locator("html")).hasAttribute("lang", "pt");
    assertThat(page.locator("#tabs .failed")).containsText("falhou");
    page.getByRole(AriaRole.LINK, named("Español")).click();
    assertThat(page.locator("#tabs .failed")).containsText("fallido");
    page.getByRole(AriaRole.LINK, named("English")).click();
    assertThat(page.locator("#tabs .failed")).containsText("failed");
    assertThat(page).hasURL(acuse.url("/console/events").toString());
  }

  @Test
  void aTimeIsTheViewersAndUtcOnHover() {
    visit("ana", in("en-GB"));
    page.navigate("/console/events?status=success");
    page.locator("a.open").first().click();
    var time = page.locator("#timeline time").first();
    String hover = time.getAttribute("title");
    Assertions.assertThat(hover).endsWith(" UTC");
    int utc = Integer.parseInt(hover.substring(11, 13));
    // "2:05:09 PM" or "14:05:09", as the version of the browser has it for this language.
    int here = (utc + 21) % 24;
    Pattern shown =
        Pattern.compile(
            "\\b0?(%d|%d):%s".formatted(here, (here + 11) % 12 + 1, hover.substring(14, 19)));
    assertThat(time).containsText(shown);
  }

  @Test
  void theDarkThemeIsTheSystemsAndCanBeChosen() {
    visit("ana", in("en").setColorScheme(ColorScheme.DARK));
    assertThat(page.locator("body")).hasCSS("background-color", "rgb(13, 17, 23)");
    page.context().close();
    visit("ana", in("en").setColorScheme(ColorScheme.LIGHT));
    assertThat(page.locator("body")).hasCSS("background-color", "rgb(255, 255, 255)");
    page.keyboard().press("t");
    assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
    assertThat(page.locator("body")).hasCSS("background-color", "rgb(13, 17, 23)");
  }

  @Test
  void noPageIsWiderThanAPhone() {
    visit("ana", in("es").setViewportSize(360, 740).setIsMobile(true).setHasTouch(true));
    for (String path : pages()) {
      visit(path);
      int width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
      Assertions.assertThat(width).as(path).isLessThanOrEqualTo(360);
    }
    browser.complaints().removeIf(complaint -> complaint.contains("404"));
  }

  @Test
  void aViewerSeesNoButtonsAndNoWholeAddress() {
    visit("ben", in("en"));
    assertThat(page.locator("#bar")).hasCount(0);
    for (String path : pages()) {
      visit(path);
      assertThat(page.locator("details.action")).hasCount(0);
    }
    browser.complaints().removeIf(complaint -> complaint.contains("404"));
    int status =
        (Integer)
            page.evaluate(
                """
                async () => {
                  const form = new URLSearchParams();
                  form.set("form_token", document.querySelector("[name=form_token]").value);
                  const answer = await fetch("/console/events/1/retry", {method: "POST", body: form});
                  return answer.status;
                }
                """);
    Assertions.assertThat(status).isEqualTo(403);
    browser.complaints().removeIf(complaint -> complaint.contains("403"));
  }

  @Test
  void anOperatorHasAPaymentLookedUpAndSeesItsTagsAndContact() {
    visit("ana", in("en"));
    page.navigate("/console/payments?q=order-1");
    page.locator("a.open").click();
    assertThat(page.locator("#effects")).containsText("pago_confirmado");
    assertThat(page.getByRole(AriaRole.LINK, named("GoHighLevel ↗")))
        .hasAttribute("href", "https://crm.example.test/contact-1");
    page.locator("details#lookup > summary").click();
    page.locator("details#lookup button").click();
    assertThat(page.getByText("The look-up is due now.")).isVisible();
    assertThat(page.locator("#events li")).hasCount(2);
    assertThat(page.locator("#events .badge.success")).hasCount(2);
    page.navigate("/console/audit");
    assertThat(page.locator("#rows")).containsText("looked up");
  }

  @Test
  void anOperatorHasAPaymentComparedAndSeesWhatMercadoPagoHas() {
    visit("ana", in("en"));
    page.navigate("/console/reconciliation");
    page.locator("details#reconcile > summary").click();
    page.locator("[name=span]").selectOption("day");
    page.locator("details#reconcile [name=reason]").fill("a customer asks");
    page.locator("details#reconcile button").click();
    assertThat(page.getByText("The comparison begins now.")).isVisible();
    var row = page.locator("#rows tr").first();
    assertThat(row).containsText("ana");
    assertThat(row).containsText("done");
    page.navigate("/console/audit");
    assertThat(page.locator("#rows tr").first()).containsText("a customer asks");
    page.navigate("/console/health");
    assertThat(page.locator("#tiles")).containsText("never compared yet");
  }

  @Test
  void anOperatorTagsWhatTheCrmDidNotTakeAndAcceptsWhatDidNotFit() {
    sandbox.goHighLevel().faults().always(Fault.status(422));
    acuse.checkout("order-2", "contact-2");
    long refused = sandbox.mercadoPago().pay("order-2", PaymentOutcome.APPROVED).payment().id();
    acuse.send(sandbox.notifications().paymentCreated(String.valueOf(refused)));
    visit("ana", in("en"));
    Awaitility.await().until(() -> database.count("effects WHERE state = 'failed'") == 1);
    sandbox.goHighLevel().faults().none();
    page.navigate("/console/payments?q=" + refused);
    page.locator("a.open").click();
    assertThat(page.locator("#effects .failed")).isVisible();
    page.locator("details#tag > summary").click();
    page.locator("details#tag button").click();
    assertThat(page.getByText("what is due is tagged")).isVisible();
    Awaitility.await()
        .untilAsserted(
            () ->
                Assertions.assertThat(sandbox.goHighLevel().tagsOf("contact-2"))
                    .contains("pago_confirmado"));
    Awaitility.await().until(() -> database.count("effects WHERE state = 'failed'") == 0);
    page.reload();
    assertThat(page.locator("#effects li")).hasCount(1);
    assertThat(page.locator("#effects .failed")).hasCount(0);

    acuse.checkout("order-3", "contact-3");
    SandboxPayment cheap = sandbox.mercadoPago().pay("order-3", PaymentOutcome.APPROVED).payment();
    sandbox
        .mercadoPago()
        .put(
            cheap.with(
                new SandboxPayment.Terms(
                    BigDecimal.ONE,
                    cheap.terms().currency(),
                    cheap.terms().externalReference(),
                    null,
                    cheap.terms().collectorId(),
                    cheap.terms().metadata())));
    acuse.send(sandbox.notifications().paymentCreated(String.valueOf(cheap.id())));
    page.navigate("/console/events?status=success&q=" + cheap.id());
    assertThat(page.locator("tbody tr")).hasCount(1);
    page.navigate("/console/payments?q=" + cheap.id());
    page.locator("a.open").click();
    page.locator("details#accept > summary").click();
    page.locator("details#accept button").click();
    assertThat(page.getByText("The payment is accepted.")).isVisible();
    assertThat(page.locator("#effects")).containsText("pago_confirmado");
    Awaitility.await()
        .untilAsserted(
            () ->
                Assertions.assertThat(sandbox.goHighLevel().tagsOf("contact-3"))
                    .contains("pago_confirmado"));
  }

  @Test
  void theHealthPageSaysWhatNeedsSomebody() {
    visit("ana", in("en"));
    page.navigate("/console/health?period=hour");
    assertThat(page.locator(".verdict")).containsText("things need you");
    assertThat(page.getByText("3 events failed for good")).isVisible();
    assertThat(page.getByText("1 request is in quarantine")).isVisible();
    assertThat(page.locator("svg.chart rect").first()).isAttached();
  }

  @Test
  void aVisitorLogsOutAndIsOut() {
    visit("ana", in("en"));
    page.getByRole(AriaRole.BUTTON, named("Log out")).click();
    assertThat(page.locator("[name=password]")).isVisible();
    page.navigate("/console/health");
    assertThat(page).hasURL(Pattern.compile("/console/login\\?next="));
  }

  /** Else the browser's console tells of a 401, and the page is loaded again while it is left. */
  @Test
  void aPageThatLogsOutAsksForNothingMore() {
    visit("ana", in("en"));
    List<Route> held = new ArrayList<>();
    page.route(
        "**/console/events",
        route -> {
          if (route.request().resourceType().equals("fetch")) {
            held.add(route);
          } else {
            route.resume();
          }
        });
    page.navigate("/console/events");
    page.waitForCondition(() -> !held.isEmpty());
    page.route(
        "**/console/logout",
        route -> {
          held.forEach(refresh -> refresh.fulfill(new Route.FulfillOptions().setStatus(401)));
          route.resume();
        });
    page.getByRole(AriaRole.BUTTON, named("Log out")).click();
    assertThat(page.locator("[name=password]")).isVisible();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }
}
