package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever forges webhooks takes nothing from the genuine ones, neither their place nor room. */
@ParameterizedClass
@EnumSource
class ForgeryIT {
  private static final int FLOOD = 400;
  private static final int SENDERS = 8;
  private static final int ROOM = 50;

  /** Quarantine is trimmed once in so many events, and each sender may add one meanwhile. */
  private static final int SLACK = 20 + SENDERS;

  private final Bench bench;

  ForgeryIT(Engine engine) {
    bench = new Bench(engine, Map.of("intake.quarantineMaxEvents", String.valueOf(ROOM)));
  }

  @AfterEach
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  @Test
  void neitherAForgedCopyThatComesFirstNorAFloodOfThemKeepsTheGenuineWebhookOut() {
    String payment = bench.sell();
    Notification genuine = bench.notifications().paymentCreated(payment);
    Notification forged = genuine.withHeader("x-signature", null);

    bench.refused(forged, 401, "signature");
    WebhookEvent event = bench.stored(genuine);
    bench.refused(forged, 401, "signature");

    bench.ends(event, EventStatus.SUCCESS);
    await().until(() -> bench.sandbox().goHighLevel().tagCalls(bench.latestContact()).size() == 1);

    assertThat(flood(forged)).containsOnly(401).hasSize(FLOOD);

    assertThat(bench.count(EventStatus.QUARANTINED)).isPositive().isLessThan(ROOM + SLACK);
    assertThat(bench.count(EventStatus.SUCCESS)).isEqualTo(1);
  }

  /** The same notification with as many bodies; answers the statuses. */
  private List<Integer> flood(Notification forged) {
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try {
      List<CompletableFuture<Integer>> sent = new ArrayList<>();
      for (int i = 0; i < FLOOD; i++) {
        Notification other = forged.withBody("{\"n\":" + i + "}" + " ".repeat(10_000));
        sent.add(CompletableFuture.supplyAsync(() -> bench.post(other).statusCode(), senders));
      }
      return sent.stream().map(CompletableFuture::join).toList();
    } finally {
      senders.shutdownNow();
    }
  }
}
