package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.CaseFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others put into webhooks and payments changes no page by what cannot be seen. */
class HostileTextIT {
  private static final String HOSTILE =
      "pay\u202Eb\u2066c\u2028d\u0085e\u200Bf\uFEFFg\u061Ch\uDB40\uDC41i\u001Bj";
  private static final String SHOWN =
      "pay[U+202E]b[U+2066]c[U+2028]d[U+0085]e[U+200B]f[U+FEFF]g[U+061C]h[U+E0041]i[U+001B]j";
  private static final Pattern LINK =
      Pattern.compile(
          "href=\"(/console/(?:events|payments|orders|disputes|checkouts|audit)/\\d+)\"");

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse =
      RunningAcuse.start(database, sandbox, Map.of("mercadoPago.webhookSecrets", ""));

  @AfterEach
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void whatCannotBeSeenIsShownOnEveryPageAndStoredAsItCame() {
    Notification good = sandbox.notifications().paymentCreated("138400000001");
    String body = "{\"type\":\"" + HOSTILE.replace("\u001B", "") + "\",\"data\":{\"id\":\"42\"}}";
    acuse.send(good.withQuery("").withBody(body));
    acuse.checkout("order-1", "contact-1");
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createUpdate("UPDATE checkouts SET title = :t")
                    .bind("t", HOSTILE)
                    .execute());
    long payment = sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id();
    acuse.send(sandbox.notifications().paymentCreated(String.valueOf(payment)));
    await().until(() -> page("/console/payments").contains("<bdi>" + payment));

    var cases = new CaseFixture(database.jdbi(), InstantSource.system().instant());
    cases.order("ORD1", HOSTILE, HOSTILE, String.valueOf(payment));
    cases.dispute(
        new CaseFixture.Case("claim", HOSTILE, "open").inWords(HOSTILE).withProblem(HOSTILE),
        String.valueOf(payment));

    List<String> pages = new ArrayList<>();
    for (String list :
        List.of(
            "/console/events",
            "/console/events?q=a%E2%80%AEb%1Bc%E2%80%A8",
            "/console/payments?q=a%E2%80%AEb",
            "/console/payments",
            "/console/effects",
            "/console/orders",
            "/console/orders?q=a%E2%80%AEb&status=c%E2%80%AE",
            "/console/disputes",
            "/console/disputes?q=a%E2%80%AEb",
            "/console/checkouts",
            "/console/checkouts?q=a%E2%80%AE%C2%85",
            "/console/health",
            "/console/audit",
            "/console/nothing%E2%80%AE%C2%85",
            "/console/reconciliation")) {
      String page = page(list);
      pages.add(page);
      LINK.matcher(page).results().forEach(link -> pages.add(page(link.group(1))));
    }

    assertThat(pages).hasSizeGreaterThan(12);
    for (String page : pages) {
      assertThat(page.codePoints().filter(c -> c != '\n').map(Character::getType))
          .as(page)
          .doesNotContain(
              (int) Character.CONTROL,
              (int) Character.FORMAT,
              (int) Character.LINE_SEPARATOR,
              (int) Character.PARAGRAPH_SEPARATOR);
    }
    assertThat(pages)
        .anyMatch(page -> page.contains("<bdi>" + SHOWN + "</bdi>"))
        .anyMatch(page -> page.contains("<pre") && page.contains("pay[U+202E]b[U+2066]c[U+2028]d"));
    List<byte[]> stored =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT raw_payload FROM webhook_events")
                        .map((row, context) -> row.getBytes(1))
                        .list());
    assertThat(stored)
        .anyMatch(payload -> new String(payload, StandardCharsets.UTF_8).equals(body));
  }

  private String page(String path) {
    return acuse.get(path).body();
  }
}
