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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real Chromium, of the machine's own packages. Whatever a page logs as an error or asks a
 * foreign host for is kept, so that a test can say that nothing was.
 */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM =
      Path.of(System.getProperty("acuse.chromium", "/usr/bin/chromium"));

  private static final double PATIENCE_MILLIS = 30_000;

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
    this.playwright = playwright;
    this.chromium = chromium;
  }

  /** Whether there is one; for {@link org.junit.jupiter.api.condition.EnabledIf}. */
  static boolean isThere() {
    return Files.isExecutable(CHROMIUM);
  }

  static Browser start() {
    // On a busy machine a page may well take longer than the five seconds that are the default.
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    var options =
        new BrowserType.LaunchOptions()
            .setExecutablePath(CHROMIUM)
            .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"));
    return new Browser(playwright, playwright.chromium().launch(options));
  }

  /** A visitor with cookies of its own. */
  Page visitor(URI base, NewContextOptions options) {
    BrowserContext context = chromium.newContext(options.setBaseURL(base.toString()));
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

  /** What went wrong in the pages so far. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    chromium.close();
    playwright.close();
  }
}
