package dev.acuse.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.acuse.access.Passwords;
import dev.acuse.event.EventStatus;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** A page that stays open while the service is restarted. */
@EnabledIf(value = "dev.acuse.console.Browser#isThere", disabledReason = "no Chromium")
@Tag("slow")
class ConsoleRestartIT {
  private static final double PATIENCE_MILLIS = 40_000;

  @Test
  void aSessionAndAnOpenPageOutliveARestart() {
    try (TestDatabase database = TestDatabase.open(Engine.POSTGRESQL);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        Browser browser = Browser.start()) {
      var store = new EventStore(database.jdbi(), InstantSource.system(), 4);
      Events.insert(database.jdbi(), 1, EventStatus.FAILED, Instant.now());
      Map<String, String> settings = new HashMap<>();
      settings.put("console.users", "ana:operator:" + Passwords.hash("correct horse battery"));
      Page page;
      try (RunningAcuse before = RunningAcuse.start(database, sandbox, settings)) {
        settings.put(
            "server.applicationConnectors[0].port", String.valueOf(before.url("").getPort()));
        page = browser.visitor(before.url(""));
        page.navigate("/console/events");
        page.locator("[name=user]").fill("ana");
        page.locator("[name=password]").fill("correct horse battery");
        page.keyboard().press("Enter");
        assertThat(page.locator("#tabs .failed b")).hasText("1");
        assertThat(page.locator("#live")).hasText("Live");
        page.evaluate("() => { window.stillHere = true; }");
      }
      var patience = new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS);
      assertThat(page.locator("#live")).hasText("Reconnecting…", patience);
      store.append(Events.quarantined("quarantine:1", "{}"));

      try (RunningAcuse after = RunningAcuse.start(database, sandbox, settings)) {
        assertThat(page.locator("#tabs .quarantined b")).hasText("1", patience);
        assertThat(page.locator("#live")).hasText("Live", patience);
        Assertions.assertThat(page.evaluate("() => window.stillHere")).isEqualTo(true);
        Assertions.assertThat(after.get("/console/events").statusCode()).isEqualTo(303);
      }
    }
  }
}
