package dev.acuse.gohighlevel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.EndlessAnswer;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RawServer;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class EndlessAnswersTest {
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));

  @AfterEach
  void closeClient() {
    http.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HEADER_LINES", "INTERIM_ANSWERS", "CHUNK_EXTENSIONS", "TRAILERS"})
  void areBadResponsesOfGoHighLevelToWhateverWasAsked(EndlessAnswer kind) throws Exception {
    try (var server = new RawServer(kind)) {
      var configuration =
          new GoHighLevelConfiguration(
              server.url(), Secret.of("pit-x"), "location", null, null, null);
      var client =
          new GoHighLevelClient(http.client(), configuration, ManualClock.create(), Guard.NONE);

      assertThat(
              EndlessAnswer.failure(
                  server, () -> client.addTags("c1", List.of("paid"), answer -> answer)))
          .isInstanceOf(RemoteException.NotUnderstood.class)
          .hasMessageStartingWith("GoHighLevel: the ");
      assertThat(EndlessAnswer.failure(server, () -> client.findDuplicate("a@example.com")))
          .isInstanceOf(RemoteException.NotUnderstood.class);
      assertThat(server.connections()).isEqualTo(2);
    }
  }
}
