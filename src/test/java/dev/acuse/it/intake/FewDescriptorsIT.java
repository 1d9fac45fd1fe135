package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.SlowClients;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that may open few files, and whose senders take what there are. */
@Tag("slow")
class FewDescriptorsIT {
  private static final int LIMIT = 256;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @AfterEach
  void close() {
    sandbox.close();
  }

  /** More connections that never come to an end than the process may open files. */
  @Test
  void genuineWebhooksAreAnsweredAndThoseThatWaitLongestGo() throws IOException {
    try (var database = TestDatabase.open(Engine.H2)) {
      database.disconnect();
      genuineWebhooksAreAnswered(database);
    }
  }

  private void genuineWebhooksAreAnswered(TestDatabase database) throws IOException {
    try (var acuse = AcuseProcess.startWithDescriptors(LIMIT, database, sandbox, Map.of())) {
      Notifier provider = sandbox.notifier(acuse.url("/webhooks/mp"));
      assertThat(acuse.output()).contains("this process may open 256 files only (ulimit -n");
      try (var slow = SlowClients.on(acuse.url("/"), 300, 100)) {
        for (int i = 0; i < 50; i++) {
          assertThat(provider.send(sandbox.notifications().simulated()).status()).isEqualTo(200);
        }
        slow.awaitCut(200);
        assertThat(value(acuse, "acuse_connections_evicted_total")).isGreaterThanOrEqualTo(200);
        assertThat(value(acuse, "acuse_connections"))
            .isLessThanOrEqualTo(value(acuse, "acuse_connections_max"));
        assertThat(value(acuse, "acuse_open_descriptors")).isLessThan(LIMIT * 0.9);
        assertThat(value(acuse, "acuse_max_descriptors")).isEqualTo(LIMIT);
        assertThat(acuse.admin("/healthcheck")).contains("of 256 file descriptors are open");
        assertThat(acuse.output()).contains("no room for more (intake.maxConnections)");
      }
      await().until(() -> value(acuse, "acuse_connections") <= 2);
    }
  }

  @Test
  void thatHasNoneLeftGoesOnByItselfWhenItHasAgain() {
    try (var database = TestDatabase.open(Engine.H2)) {
      database.disconnect();
      try (var acuse = AcuseProcess.startJar(database, sandbox, Map.of())) {
        // The journal has its file open from the first webhook on.
        assertThat(sendAsync(acuse).join().status()).isEqualTo(200);
        acuse.limitDescriptors(20);
        // The connection that the process waited for when the limit came has its descriptor, and a
        // number below the limit may be free: connections are made until there is none left.
        var first = new ArrayList<CompletableFuture<Notifier.Answer>>();
        await()
            .until(
                () -> {
                  first.add(sendAsync(acuse));
                  return acuse.output().contains("Accept Failure");
                });
        var late = sendAsync(acuse);
        await().until(() -> acuse.output().contains("of 20 file descriptors are open"));
        assertThat(late).isNotDone();
        acuse.limitDescriptors(1024);

        assertThat(late.join().status()).isEqualTo(200);
        // One that was accepted with the last descriptor may have been cut; none is refused.
        assertThat(first)
            .allSatisfy(
                sent ->
                    assertThat(
                            sent.<Integer>handle(
                                    (answer, cut) -> cut == null ? answer.status() : null)
                                .join())
                        .isIn(200, null));
        assertThat(acuse.admin("/healthcheck")).contains("of 1024 file descriptors are open");
      }
    }
  }

  /** Over a connection of its own. */
  private CompletableFuture<Notifier.Answer> sendAsync(AcuseProcess acuse) {
    return sandbox
        .notifier(acuse.url("/webhooks/mp"))
        .sendAsync(sandbox.notifications().simulated());
  }

  private static double value(AcuseProcess acuse, String metric) {
    Matcher line =
        Pattern.compile("^" + metric + " (\\S+)$", Pattern.MULTILINE)
            .matcher(acuse.admin("/metrics/prometheus"));
    assertThat(line.find()).as(metric).isTrue();
    return Double.parseDouble(line.group(1));
  }
}
