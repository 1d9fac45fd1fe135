package dev.acuse.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.remote.RemoteException;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.EndlessAnswer;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RawServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SlackWebhookTest {
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));

  @AfterEach
  void closeClient() {
    http.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HEADER_LINES", "INTERIM_ANSWERS", "CHUNK_EXTENSIONS", "TRAILERS"})
  void answerWithoutEndIsNotUnderstood(EndlessAnswer kind) throws Exception {
    try (var server = new RawServer(kind)) {
      var webhook = new SlackWebhook(http.client(), server.url(), ManualClock.create());

      assertThat(EndlessAnswer.failure(server, () -> webhook.post("a message")))
          .isInstanceOf(RemoteException.NotUnderstood.class)
          .hasMessageStartingWith("the alert webhook: the ");
    }
  }
}
