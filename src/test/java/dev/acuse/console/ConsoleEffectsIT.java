package dev.acuse.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorAction;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.event.EventStatus;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Desks;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.URLEncoder;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Effects on the pages of the console, in a real browser. Nothing is claimed meanwhile. */
@EnabledIf(value = "dev.acuse.console.Browser#isThere", disabledReason = "no Chromium")
class ConsoleEffectsIT {
  private static final String PASSWORD = "correct horse battery";

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;
  private static Browser browser;
  private static EffectFixture fixture;

  private long payment;
  private long webhook;
  private long failed;
  private long own;

  // Each test begins with a visit.
  @SuppressWarnings("NullAway.Init")
  private Page page;

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    String hash = new BCryptPasswordEncoder(4).encode(PASSWORD);
    acuse =
        RunningAcuse.start(
            database,
            sandbox,
            Map.of("console.users", "ana:operator:" + hash + ",ben:viewer:" + hash));
    browser = Browser.start();
    fixture = new EffectFixture(database.jdbi(), Instant.now());
    Desks.of(database.jdbi(), InstantSource.system(), 4).pause("the test");
  }

  @AfterAll
  static void stop() {
    browser.close();
    acuse.close();
    sandbox.close();
    database.close();
  }

  /** A payment of a checkout: one tag is done, one failed, and one effect is of a newer version. */
  @BeforeEach
  void fill() {
    database
        .jdbi()
        .useHandle(
            handle -> {
              for (String table :
                  List.of(
                      "webhook_events",
                      "effect_reasons",
                      "effects",
                      "payments",
                      "checkouts",
                      "operator_actions")) {
                handle.execute("DELETE FROM " + table);
              }
            });
    long checkout = fixture.checkout("order-1");
    payment = fixture.payment("900", checkout);
    fixture.tag("contact", "cliente", EffectState.DONE, Subject.checkout(checkout));
    failed = fixture.tag("contact", "vip", EffectState.FAILED, Subject.payment(payment));
    own = fixture.event(failed, EventStatus.FAILED);
    long strange = fixture.row("hologram", "wall", "cat", "dimmed", "projected");
    fixture.reason(strange, Subject.payment(payment), "approved");
    Events.insert(database.jdbi(), 1, EventStatus.SUCCESS, Instant.now());
    webhook =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT id FROM webhook_events WHERE origin = 'webhook'")
                        .mapTo(Long.class)
                        .one());
    fixture.link(webhook, payment);
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
    return new NewContextOptions().setLocale(locale).setTimezoneId("UTC");
  }

  private List<String> pages() {
    return List.of(
        "/console/effects",
        "/console/effects?state=held",
        "/console/payments/" + payment,
        "/console/events/" + webhook,
        "/console/events/" + own,
        "/console/events?origin=effect");
  }

  @Tag("slow")
  @Test
  void axeFindsNothingAndNoPageIsWiderThanAPhone() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      visit("ana", in("en").setColorScheme(scheme));
      for (String path : pages()) {
        Assertions.assertThat(page.navigate(path).status()).as(path).isEqualTo(200);
        page.locator("details").all().forEach(details -> details.evaluate("d => d.open = true"));
        Assertions.assertThat(Axe.violations(page)).as("%s, %s", path, scheme).isEmpty();
      }
      page.navigate("/console/effects");
      page.locator("#bar button").click();
      assertThat(page.locator("[name=reason]")).isVisible();
      Assertions.assertThat(Axe.violations(page)).as("bulk, %s", scheme).isEmpty();
      page.context().close();
    }
    visit("ana", in("es").setViewportSize(360, 740).setIsMobile(true).setHasTouch(true));
    for (String path : pages()) {
      page.navigate(path);
      Assertions.assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
          .as(path)
          .isLessThanOrEqualTo(360);
    }
  }

  @Test
  void aPaymentShowsItsEffectsBeforeItsEventsAndOneIsRetriedThere() {
    visit("ana", in("en"));
    page.navigate("/console/payments/" + payment);
    assertThat(page.locator("#effects li")).hasCount(3);
    assertThat(page.locator("#effects ~ #events")).hasCount(1);
    var vip = page.locator("#effect" + failed);
    assertThat(vip).containsText("failed");
    assertThat(vip).containsText("GoHighLevel answered 422");
    assertThat(vip.locator("a[href='/console/events/" + own + "']")).isVisible();
    assertThat(page.locator("#effects")).containsText("new state: “projected”");
    assertThat(page.locator("#effects")).containsText("new kind: “hologram”");
    assertThat(page.locator("#effects")).containsText("wanted: “dimmed”");
    assertThat(page.locator("#effects details.action")).hasCount(2);

    vip.locator("summary").click();
    vip.locator("[name=reason]").fill("the tag is there again");
    vip.locator("button.primary").click();

    assertThat(page.getByText("The effect is due now.")).isVisible();
    assertThat(page).hasURL(Pattern.compile("/console/payments/" + payment + "\\?"));
    assertThat(page.locator("#effect" + failed)).containsText("due");
    assertThat(page.locator("#effect" + failed + " details.action")).hasCount(0);
    Assertions.assertThat(database.count("webhook_events WHERE status = 'pending'")).isEqualTo(1);
    OperatorAction done = audit().get(0);
    Assertions.assertThat(List.of(done.actor(), done.action(), String.valueOf(done.reason())))
        .containsExactly("ana", "retry", "the tag is there again");
    page.navigate("/console/audit");
    assertThat(page.locator("#rows")).containsText("effect " + failed);
  }

  @Test
  void anEventShowsWhatFollowedFromItAndAnEffectsEventItsEffect() {
    visit("ana", in("en"));
    page.navigate("/console/events/" + webhook);
    assertThat(page.locator("#effects li")).hasCount(3);
    page.locator("#effect" + failed + " a[href='/console/events/" + own + "']").click();
    assertThat(page.locator("#effects li")).hasCount(1);
    assertThat(page.locator("#facts")).containsText("effect:" + failed + ":1");
    page.locator("#effect" + failed + " summary").click();
    page.locator("#effect" + failed + " button.primary").click();
    assertThat(page).hasURL(Pattern.compile("/console/events/" + own + "\\?"));
    assertThat(page.locator("#head .badge")).hasText("pending");
  }

  /** With forms and links alone. */
  @Test
  void allThatFailedAreRetriedAfterAPreviewWithoutJavaScript() {
    long second = fixture.tag("contact", "x", EffectState.FAILED, Subject.payment(payment));
    fixture.event(second, EventStatus.FAILED);
    fixture.row("tag", "contact", "left", "leave", "failed");
    visit("ana", in("en").setJavaScriptEnabled(false));
    page.locator("header nav a[href='/console/effects']").click();
    assertThat(page.locator("#rows tr")).hasCount(5);
    page.locator("#tabs a", new Page.LocatorOptions().setHasText("failed")).click();
    assertThat(page.locator("#rows tr")).hasCount(3);
    page.locator("[name=kind]").selectOption("find_contact");
    page.locator(".filters button").click();
    assertThat(page.getByText("Nothing matches.")).isVisible();
    page.navigate("/console/effects?kind=tag");
    page.locator("#bar button").click();
    assertThat(page.getByText("3 effects match.")).isVisible();
    assertThat(page.getByText("2 can be retried.")).isVisible();
    assertThat(page.getByText("1 cannot, because nothing wants them any more.")).isVisible();
    page.locator("[name=reason]").fill("the CRM is mended");
    page.locator("button.primary").click();

    assertThat(page).hasURL(Pattern.compile("/console/audit/[0-9]+"));
    org.awaitility.Awaitility.await()
        .until(() -> database.count("effects WHERE state = 'waiting'") == 2);
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> Assertions.assertThat(audit().get(0).finishedAt()).isNotNull());
    OperatorAction done = audit().get(0);
    Assertions.assertThat(done.target()).isEqualTo("effects?state=failed&kind=tag");
    Assertions.assertThat(List.of(done.matched(), done.changed())).containsExactly(3L, 2L);
  }

  @Test
  void anOpenListFollowsWhatBecomesOfAnEffect() {
    visit("ana", in("en"));
    page.navigate("/console/effects");
    assertThat(page.locator("#rows tr")).hasCount(3);
    assertThat(page.locator("#live")).isVisible();

    long fresh = fixture.tag("contact", "fresh", EffectState.WAITING, Subject.payment(payment));
    fixture.event(fresh, EventStatus.PENDING);

    assertThat(page.locator("#rows tr")).hasCount(4);
    assertThat(page.locator("#rows tr").first()).containsText("fresh");
  }

  @Test
  void fiftyAreOnAPageAndTheNextGoesOn() {
    for (int i = 0; i < 50; i++) {
      fixture.tag("contact", "more-" + i, EffectState.DONE, Subject.payment(payment));
    }
    visit("ana", in("en"));
    page.navigate("/console/effects?state=done");
    assertThat(page.locator("#rows tr")).hasCount(50);
    page.locator("a[rel=next]").click();
    assertThat(page.locator("#rows tr")).hasCount(1);
    assertThat(page.locator("#rows")).containsText("cliente");
  }

  @Test
  void aViewerSeesTheStatesAndNoButtons() {
    visit("ben", in("en"));
    for (String path : pages()) {
      page.navigate(path);
      assertThat(page.locator("details.action")).hasCount(0);
    }
    page.navigate("/console/effects");
    assertThat(page.locator("#bar")).hasCount(0);
    for (String address :
        List.of("/console/effects/" + failed + "/retry", "/console/effects/bulk")) {
      int status =
          (Integer)
              page.evaluate(
                  """
                  async (address) => {
                    const form = new URLSearchParams();
                    form.set("form_token", document.querySelector("[name=form_token]").value);
                    form.set("reason", "x");
                    form.set("once", "x");
                    return (await fetch(address, {method: "POST", body: form})).status;
                  }
                  """,
                  address);
      Assertions.assertThat(status).as(address).isEqualTo(403);
    }
    browser.complaints().removeIf(complaint -> complaint.contains("403"));
    Assertions.assertThat(database.count("effects WHERE state = 'failed'")).isEqualTo(1);
  }

  @Test
  void aFormOfAnotherSiteOrOfNothingDoesNothing() {
    visit("ana", in("en"));
    page.navigate("/console/effects");
    for (String body : List.of("", "form_token=wrong")) {
      Assertions.assertThat(post("/console/effects/" + failed + "/retry", body)).isEqualTo(403);
    }
    String token = "form_token=" + page.locator("[name=form_token]").first().inputValue();
    Assertions.assertThat(post("/console/effects/99999999/retry", token)).isEqualTo(404);
    Assertions.assertThat(post("/console/effects/x/retry", token)).isEqualTo(400);
    Assertions.assertThat(post("/console/effects/bulk", token + "&once=a")).isEqualTo(400);
    Assertions.assertThat(
            post("/console/effects/bulk", token + "&once=a&reason=b&query=%3Fkind%3Dnone"))
        .isEqualTo(400);
    for (String address :
        List.of(
            "/console/effects/bulk",
            "/console/effects/bulk/preview",
            "/console/bulk",
            "/console/bulk/preview")) {
      for (String query : List.of("kind=%zz", "kind=%", "?%zz=tag", "?kind=%2")) {
        String sent = "&scope=all&once=a&reason=b&query=" + URLEncoder.encode(query, UTF_8);
        Assertions.assertThat(post(address, token + sent))
            .as("%s of %s", address, query)
            .isEqualTo(400);
      }
    }
    browser.complaints().removeIf(complaint -> complaint.contains("status of 40"));
    Assertions.assertThat(audit()).isEmpty();
    page.navigate("/console/effects?kind=hologram");
    assertThat(page.locator("h1")).hasText("That did not work");
    browser.complaints().removeIf(complaint -> complaint.contains("400"));
  }

  private int post(String address, String body) {
    return (Integer)
        page.evaluate(
            """
            async ([address, body]) =>
              (await fetch(address, {method: "POST", body: new URLSearchParams(body)})).status
            """,
            List.of(address, body));
  }

  @ParameterizedTest
  @CsvSource({
    "es, Efectos, falló, hecho, estado nuevo: «projected»",
    "pt-BR, Efeitos, falhou, feito, estado novo: “projected”",
  })
  void theStatesAreSaidInThreeLanguages(
      String locale, String heading, String failedWord, String doneWord, String newWord) {
    visit("ana", in(locale));
    page.navigate("/console/effects");
    assertThat(page.locator("h1")).hasText(heading);
    for (String word : List.of(failedWord, doneWord, newWord)) {
      assertThat(page.locator("#rows .badge", new Page.LocatorOptions().setHasText(word)))
          .hasCount(1);
    }
  }

  private static List<OperatorAction> audit() {
    return new AuditTrail(database.jdbi(), InstantSource.system()).page(null, 100);
  }
}
