package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code demo}, as a newcomer starts it. */
@Tag("slow")
class DemoIT {
  private static final Pattern ADDRESS =
      Pattern.compile("^The console is at (http://localhost:\\d+)/console$", Pattern.MULTILINE);
  private static final Pattern LOG =
      Pattern.compile("^The service's log:  (/.*)$", Pattern.MULTILINE);
  private static final Pattern SUMMARY =
      Pattern.compile(
          """
          What happened:
            (?<paid>\\d+) payments were made, and (?<delivered>\\d+) notifications of them delivered
            (?<duplicates>\\d+) of those were duplicates, and changed nothing
            (?<retried>\\d+) events were tried again, because a look-up or a tag had failed
            (?<tagged>\\d+) contacts are tagged; \\d+ events are still open
            0 lost
          """);
  private static final Set<String> TRIED_AGAIN = Set.of("retry", "outage");

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void newcomerSeesAnEventSucceedAfterAnAttemptThatDidNotAndEndsItCleanly() throws Exception {
    try (var unused = TestDatabase.openEmpty(Engine.H2);
        var noSandboxOfOurs = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        AcuseCommand demo =
            AcuseCommand.start(
                AcuseCommand.environment(unused, noSandboxOfOurs), "demo", "config.yml")) {
      await().atMost(Duration.ofMinutes(2)).until(() -> demo.output().contains("customers come"));
      String acuse = address(demo.output());

      await().atMost(Duration.ofMinutes(2)).until(() -> anySucceededAtLast(acuse));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> demo.output().contains("calls have tagged contacts; the inbox:"));

      AcuseCommand.Ended ended = demo.terminate();
      assertThat(ended.status()).isEqualTo(143);
      assertThat(ended.output().lines().findFirst().orElseThrow()).startsWith("The console is at ");
      assertThat(ended.output()).doesNotContain("\tat ", "INFO ", "outcome=");
      Matcher log = LOG.matcher(ended.output());
      assertThat(log.find()).isTrue();
      assertThat(Files.readString(Path.of(log.group(1)))).contains("outcome=success");
      assertThat(ended.lastLine()).as("the summary comes last").isEqualTo("  0 lost");
      Matcher summary = SUMMARY.matcher(ended.output());
      assertThat(summary.find()).as(ended.output()).isTrue();
      for (String counted : List.of("paid", "delivered", "duplicates", "retried", "tagged")) {
        assertThat(Integer.parseInt(summary.group(counted))).as(counted).isPositive();
      }
      assertThat(noSandboxOfOurs.mercadoPago().payments()).as("it brings its own").isEmpty();
    }
  }

  @Test
  void portsThatAreTakenAreEvadedAndItSaysSo() throws Exception {
    try (var unused = TestDatabase.openEmpty(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var taken = new ServerSocket(0);
        var takenAdmin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> environment = AcuseCommand.environment(unused, sandbox);
      environment.put("PORT", String.valueOf(taken.getLocalPort()));
      environment.put("ADMIN_PORT", String.valueOf(takenAdmin.getLocalPort()));
      try (AcuseCommand demo = AcuseCommand.start(environment, "demo", "config.yml")) {
        await().atMost(Duration.ofMinutes(2)).until(() -> demo.output().contains("customers come"));

        assertThat(demo.output())
            .containsPattern("Port " + taken.getLocalPort() + " is in use: taking \\d+\\.")
            .containsPattern("Port " + takenAdmin.getLocalPort() + " is in use: taking \\d+\\.");
        String acuse = address(demo.output());
        assertThat(URI.create(acuse).getPort()).isNotEqualTo(taken.getLocalPort());
        assertThat(json(acuse + "/api/stats").path("events").isObject()).isTrue();
      }
    }
  }

  private boolean anySucceededAtLast(String acuse) throws Exception {
    String events = acuse + "/api/webhook-events";
    for (JsonNode event : json(events + "?status=success&limit=100").path("items")) {
      for (JsonNode attempt :
          json(events + "/" + event.path("id").asText()).path("attempts_history")) {
        if (TRIED_AGAIN.contains(attempt.path("outcome").asText())) {
          return true;
        }
      }
    }
    return false;
  }

  private JsonNode json(String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return RunningAcuse.json(client.send(request, BodyHandlers.ofString()).body());
  }

  private static String address(String printed) {
    Matcher address = ADDRESS.matcher(printed);
    assertThat(address.find()).as(printed).isTrue();
    return address.group(1);
  }
}
