package dev.acuse.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.CaseFixture;
import dev.acuse.support.CaseFixture.Case;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
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

/** Orders and disputes on their pages and on that of a payment, in a real browser. */
@EnabledIf(value = "dev.acuse.console.Browser#isThere", disabledReason = "no Chromium")
class ConsoleDisputesIT {
  private static final String PASSWORD = "correct horse battery";
  private static final String ORDER = "ORD01K0000000000000000000001";
  private static final String CASE = "217000060000000001";

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;
  private static Browser browser;
  private static CaseFixture cases;
  private static EffectFixture payments;
  private static Instant soon;

  private long payment;
  private long order;
  private long chargeback;
  private long claim;

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
            Map.of("console.users", "ana:operator:" + hash + ",ben:viewer:" + hash));
    browser = Browser.start();
    Instant now = Instant.now();
    soon = now.plus(Duration.ofHours(30));
    cases = new CaseFixture(database.jdbi(), now);
    payments = new EffectFixture(database.jdbi(), now);
  }

  @AfterAll
  static void stop() {
    browser.close();
    acuse.close();
    sandbox.close();
    database.close();
  }

  @BeforeEach
  void fill() {
    database
        .jdbi()
        .useHandle(
            handle -> {
              for (String table :
                  List.of(
                      "mp_order_payments",
                      "mp_orders",
                      "dispute_payments",
                      "disputes",
                      "payments")) {
                handle.execute("DELETE FROM " + table);
              }
            });
    payment = payments.payment("900", null);
    order = cases.order(ORDER, "processed", "accredited", "900", "901");
    cases.order("ORD02", "settled_by_barter", null);
    chargeback =
        cases.dispute(new Case("chargeback", CASE, "open").inWords("general").due(soon), "900");
    claim = cases.dispute(new Case("claim", "5", "unknown").withProblem("forbidden"), "900", "902");
    cases.dispute(new Case("chargeback", null, "open").due(soon.minus(Duration.ofDays(3))), "903");
    cases.dispute(new Case("duel", "7", "lost").inWords("at dawn").withProblem("rain"), "904");
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
    List<String> pages =
        new ArrayList<>(List.of("/console/payments/" + payment, "/console/reconciliation"));
    for (String list : List.of("/console/orders", "/console/disputes")) {
      pages.add(list + "?q=nothing-like-it");
      pages.add(list);
      page.navigate(list);
      page.locator("a.open").all().forEach(open -> pages.add(open.getAttribute("href")));
    }
    return pages;
  }

  @Tag("slow")
  @Test
  void axeFindsNothingAndNoPageIsWiderThanAPhone() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      visit("ana", in("en").setColorScheme(scheme));
      List<String> pages = pages();
      Assertions.assertThat(pages).hasSize(12);
      for (String path : pages) {
        Assertions.assertThat(page.navigate(path).status()).as(path).isEqualTo(200);
        page.locator("details").all().forEach(details -> details.evaluate("d => d.open = true"));
        Assertions.assertThat(Axe.violations(page)).as("%s, %s", path, scheme).isEmpty();
      }
      page.context().close();
    }
    for (int width : List.of(360, 390)) {
      visit("ana", in("es").setViewportSize(width, 740).setIsMobile(true).setHasTouch(true));
      for (String path : pages()) {
        page.navigate(path);
        Assertions.assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
            .as(path)
            .isLessThanOrEqualTo(width);
      }
      page.context().close();
    }
    visit("ana", in("en"));
  }

  /** As long as columns take them, without a place to break at, and with markup. */
  @Test
  void oddWordsAreShownAsTheyAreAndFitAPhone() {
    String markup = "<b id=odd>";
    cases.order("X".repeat(64), markup + "s".repeat(54), markup + "d".repeat(118), "900");
    String words = markup + "w".repeat(54);
    cases.dispute(
        new Case("claim", "9".repeat(64), "open").inWords(words).withProblem("p".repeat(32)),
        "900");
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "UPDATE mp_orders SET external_reference = ?, type = ?, currency = 'XXXXXXXX',"
                      + " amount = 999999999999999.9999",
                  markup + "r".repeat(246),
                  "t".repeat(32));
              handle.execute(
                  "UPDATE disputes SET case_type = ?, coverage = ?, resolution = ?,"
                      + " documentation_status = ?, currency = 'XXXXXXXX',"
                      + " amount = -999999999999999.9999, deadline = ? WHERE status = ?",
                  words,
                  "c".repeat(32),
                  markup + "r".repeat(246),
                  words,
                  Instant.parse("9999-12-31T23:59:59Z").atOffset(ZoneOffset.UTC),
                  words);
            });
    visit("ana", in("es").setViewportSize(360, 740).setIsMobile(true).setHasTouch(true));
    for (String path : pages()) {
      Assertions.assertThat(page.navigate(path).status()).as(path).isEqualTo(200);
      Assertions.assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
          .as(path)
          .isLessThanOrEqualTo(360);
      assertThat(page.locator("#odd")).hasCount(0);
    }
    page.navigate("/console/disputes");
    assertThat(page.locator("#rows tr").first()).containsText(words);
  }

  /** With forms and links alone. */
  @Test
  void aDisputeIsFoundByItsDeadlineWithoutJavaScript() {
    visit("ana", in("en").setJavaScriptEnabled(false));
    page.locator("header nav a[href='/console/disputes']").click();
    assertThat(page.locator("h1")).hasText("Disputes");
    assertThat(page.locator("#rows tr")).hasCount(4);
    page.locator("[name=due]").selectOption("2");
    page.locator(".filters button").click();
    assertThat(page.locator("#rows tr")).hasCount(2);
    assertThat(page.locator("#rows tr").first()).containsText("overdue");
    page.locator("[name=kind]").selectOption("claim");
    page.locator(".filters button").click();
    assertThat(page.getByText("Nothing matches.")).isVisible();
    page.navigate("/console/disputes?q=" + CASE);
    assertThat(page.locator("#rows tr")).hasCount(1);
    page.navigate("/console/disputes?q=900&state=open");
    assertThat(page.locator("#rows tr")).hasCount(1);
    page.locator("a.open").click();

    assertThat(page).hasURL(Pattern.compile("/console/disputes/" + chargeback + "$"));
    assertThat(page.locator("h1")).hasText("Chargeback " + CASE);
    assertThat(page.locator("#head .badge")).hasText("open");
    assertThat(page.locator("#head")).containsText("1,500.50 ARS");
    assertThat(page.locator("#head")).containsText(Pattern.compile("in (29|30) h"));
    String day = soon.toString().substring(0, 10);
    assertThat(page.locator("#head")).containsText(day);
    assertThat(page.locator("#facts")).containsText("general");
    assertThat(page.locator("#facts")).containsText("Looked up again");
    page.locator("#payments a").click();
    assertThat(page).hasURL(Pattern.compile("/console/payments/" + payment + "$"));
  }

  @Test
  void aCaseThatIsNotReadSaysWhyAndADateThatIsNotThereIsNotGuessed() {
    visit("ana", in("en"));
    page.navigate("/console/disputes/" + claim);
    assertThat(page.locator("#head .badge")).hasText("not known");
    assertThat(page.locator("#head .problem")).containsText("does not let this application read");
    assertThat(page.locator("#head")).containsText("no date");
    assertThat(page.locator("#payments li")).hasCount(2);
    assertThat(page.locator("#payments a")).hasCount(1);
    assertThat(page.locator("#payments")).containsText("not here yet");

    page.navigate("/console/disputes");
    var strange = page.locator("#rows tr").first();
    assertThat(strange).containsText("New kind");
    assertThat(strange).containsText("at dawn");
    assertThat(strange.locator(".badge")).hasText("lost");
    strange.locator("a.open").click();
    assertThat(page.locator("#head .problem")).hasText("rain");
    assertThat(page.locator("#facts")).containsText("no more: it is over");
    page.navigate("/console/disputes?q=903");
    page.locator("a.open").click();
    assertThat(page.locator("#facts")).containsText("the case is not found yet");
  }

  @Test
  void anOrderShowsItsWordsAndItsPayments() {
    visit("ana", in("en"));
    page.locator("header nav a[href='/console/orders']").click();
    assertThat(page.locator("#rows tr")).hasCount(2);
    var strange = page.locator("#rows tr").first();
    assertThat(strange.locator(".badge")).hasText("new status: “settled_by_barter”");
    assertThat(strange).containsText("–");
    for (String words : List.of(ORDER, "901")) {
      page.navigate("/console/orders?q=" + words);
      assertThat(page.locator("#rows tr")).hasCount(1);
    }
    page.navigate("/console/orders?q=order-1");
    assertThat(page.locator("#rows tr")).hasCount(2);
    page.navigate("/console/orders?q=order-1&status=processed");
    page.locator("a.open").click();

    assertThat(page.locator("h1")).hasText("Order " + ORDER);
    assertThat(page.locator("#head .badge")).hasText("approved");
    assertThat(page.locator("#head")).containsText("processed (accredited)");
    assertThat(page.locator("#facts")).containsText("order-1");
    assertThat(page.locator("#payments li")).hasCount(2);
    page.locator("#payments a[href='/console/payments/" + payment + "']").click();
    assertThat(page.locator("#orders li")).hasCount(1);
    assertThat(page.locator("#orders a")).hasAttribute("href", "/console/orders/" + order);
    assertThat(page.locator("#disputes li")).hasCount(2);
    assertThat(page.locator("#disputes li").first()).containsText("no date");
    page.locator("#disputes a[href='/console/disputes/" + chargeback + "']").click();
    assertThat(page.locator("h1")).hasText("Chargeback " + CASE);
  }

  @Test
  void fiftyAreOnAPageAndTheNextGoesOn() {
    for (int i = 0; i < 49; i++) {
      cases.order("MORE" + i, "created", null);
      cases.dispute(new Case("claim", "more-" + i, "open"), "905");
    }
    visit("ana", in("en"));
    page.navigate("/console/orders");
    assertThat(page.locator("#rows tr")).hasCount(50);
    page.locator("a[rel=next]").click();
    assertThat(page.locator("#rows tr")).hasCount(1);
    assertThat(page.locator("#rows")).containsText(ORDER);
    page.navigate("/console/disputes?account=main");
    assertThat(page.locator("#rows tr")).hasCount(50);
    page.locator("a[rel=next]").click();
    assertThat(page.locator("#rows tr")).hasCount(3);
    assertThat(page.locator("#rows")).containsText(CASE);
  }

  @Test
  void anOpenPageFollowsWhatBecomesOfADispute() {
    visit("ana", in("en"));
    page.navigate("/console/disputes/" + chargeback);
    assertThat(page.locator("#head .badge")).hasText("open");
    assertThat(page.locator("#live")).isVisible();
    database
        .jdbi()
        .useHandle(
            handle -> handle.execute("UPDATE disputes SET state = 'won' WHERE id = ?", chargeback));

    // Whatever changes a dispute is the work of an event.
    acuse.send(sandbox.notifications().paymentCreated("138400000001"));

    assertThat(page.locator("#head .badge")).hasText("won");
  }

  @Test
  void aViewerSeesThemAndABadAddressIsSaidToBeBad() {
    visit("ben", in("en"));
    for (String path : pages()) {
      Assertions.assertThat(page.navigate(path).status()).as(path).isEqualTo(200);
      assertThat(page.locator("main form[method=post]")).hasCount(0);
    }
    Map<String, Integer> bad =
        Map.of(
            "/console/disputes/99999999", 404,
            "/console/orders/99999999", 404,
            "/console/disputes/x", 400,
            "/console/disputes?kind=duel", 400,
            "/console/disputes?due=soon", 400,
            "/console/orders?cursor=x", 400);
    bad.forEach(
        (path, status) ->
            Assertions.assertThat(page.navigate(path).status()).as(path).isEqualTo(status));
    browser.complaints().removeIf(complaint -> complaint.contains("status of 40"));
  }

  @Test
  void whatMercadoPagoCannotListIsSaidWhereItIsCompared() {
    visit("ana", in("en"));
    page.navigate("/console/reconciliation");
    assertThat(page.locator("main"))
        .containsText("It lists no chargebacks, claims or fraud alerts");
  }

  @ParameterizedTest
  @CsvSource({
    "es, Disputas, Órdenes, Contracargo, vencido, sin fecha, estado nuevo: «settled_by_barter»",
    "pt-BR, Disputas, Pedidos, Contestação, vencido, sem data,"
        + " status novo: “settled_by_barter”",
  })
  void theWordsAreSaidInThreeLanguages(
      String locale,
      String disputes,
      String orders,
      String kind,
      String overdue,
      String undated,
      String strange) {
    visit("ana", in(locale));
    page.navigate("/console/disputes");
    assertThat(page.locator("h1")).hasText(disputes);
    for (String word : List.of(kind, overdue, undated)) {
      assertThat(page.locator("#rows")).containsText(word);
    }
    page.navigate("/console/orders");
    assertThat(page.locator("h1")).hasText(orders);
    assertThat(page.locator("#rows")).containsText(strange);
  }
}
