package dev.acuse.console;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;

/**
 * A real Chromium, of the machine's own packages. Whatever a page logs as an error or asks a
 * foreign host for is kept, so that a test can say that nothing was.
 *
 * <p>The process is the same for all tests of a JVM, because its start takes seconds: each test has
 * visitors of its own, with cookies of their own.
 */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM_FILE =
      Path.of(System.getProperty("acuse.chromium", "/usr/bin/chromium"));

  private static final double PATIENCE_MILLIS = 30_000;

  private final com.microsoft.playwright.Browser chromium = Shared.CHROMIUM;
  private final List<BrowserContext> visitors = new ArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Browser() {}

  /** Whether there is one; for {@link org.junit.jupiter.api.condition.EnabledIf}. */
  static boolean isThere() {
    return Files.isExecutable(CHROMIUM_FILE);
  }

  static Browser start() {
    // On a busy machine a page may well take longer than the five seconds that are the default.
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    return new Browser();
  }

  /** A visitor with cookies of its own. */
  Page visitor(URI base, NewContextOptions options) {
    BrowserContext context = chromium.newContext(options.setBaseURL(base.toString()));
    visitors.add(context);
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.onRequest(
        request -> {
          if (!request.url().startsWith(base.toString())) {
            complaints.add("asks for " + request.url());
          }
        });
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(error -> complaints.add(error));
    page.onDialog(
        dialog -> {
          complaints.add("a dialog: " + dialog.message());
          dialog.dismiss();
        });
    return page;
  }

  Page visitor(URI base) {
    return visitor(base, new NewContextOptions().setLocale("en-GB").setTimezoneId("UTC"));
  }

  /** The page of a visitor of its own with which this operator has signed in. */
  Page signedIn(URI base, String user, String password, NewContextOptions options) {
    Page page = visitor(base, options);
    page.navigate("/console");
    page.locator("[name=user]").fill(user);
    page.locator("[name=password]").fill(password);
    page.keyboard().press("Enter");
    PlaywrightAssertions.assertThat(page.locator("header nav")).isVisible();
    return page;
  }

  /** Fails if something went wrong in the pages so far, and forgets it for the next test. */
  void assertNoComplaints() {
    List<String> all = List.copyOf(complaints);
    complaints.clear();
    Assertions.assertThat(all).isEmpty();
  }

  /** What went wrong in the pages so far. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    visitors.forEach(BrowserContext::close);
  }

  /** Ends with the JVM, because its driver ends when its input does. */
  private static final class Shared {
    static final com.microsoft.playwright.Browser CHROMIUM = launch();

    private static com.microsoft.playwright.Browser launch() {
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      var options =
          new BrowserType.LaunchOptions()
              .setExecutablePath(CHROMIUM_FILE)
              .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"));
      return playwright.chromium().launch(options);
    }
  }
}
