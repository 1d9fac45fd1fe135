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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code demo}, as a newcomer starts it. */
@Tag("slow")
class DemoIT {
  private static final Pattern ADDRESS = Pattern.compile("Acuse is at (http://localhost:\\d+)");
  private static final Set<String> TRIED_AGAIN = Set.of("retry", "outage");

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void newcomerSeesAnEventSucceedAfterAnAttemptThatDidNotAndEndsItCleanly() {
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
      assertThat(ended.output()).doesNotContain("\tat ");
      assertThat(noSandboxOfOurs.mercadoPago().payments()).as("it brings its own").isEmpty();
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
