package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.BoundedClient;
import dev.acuse.support.EndlessAnswer;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RawServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every client of another system is built by {@link RemoteHttp}, and so has these bounds. */
@Timeout(30)
class EndlessAnswerTest {
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));
  private final RemoteCall call =
      new RemoteCall("Remote", ManualClock.create(), null, answer -> null, Guard.NONE);

  @AfterEach
  void closeClient() {
    http.close();
  }

  @ParameterizedTest
  @EnumSource
  void isABadResponseAndNoMoreOfItIsRead(EndlessAnswer kind) throws Exception {
    try (var server = new RawServer(kind)) {
      assertThat(EndlessAnswer.failure(server, () -> send(server)))
          .isInstanceOfSatisfying(
              RemoteException.NotUnderstood.class,
              failure -> {
                assertThat(failure)
                    .hasMessageMatching(
                        kind == EndlessAnswer.SWITCHES
                            ? "Remote answered with something other than HTTP"
                            : "Remote: the .*(larger than|too long or too many).*");
                assertThat(failure.httpStatus()).isEqualTo(kind.hasStatus() ? 200 : null);
              });

      EndlessAnswer.failure(server, () -> send(server));
      assertThat(server.connections()).as("none is used again").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAFailureTheStatusSaysEnough(EndlessAnswer kind) throws Exception {
    if (!kind.hasStatus()) {
      return;
    }
    try (var server = new RawServer(out -> kind.write(out, "503 No"))) {
      assertThat(EndlessAnswer.failure(server, () -> send(server)))
          .isInstanceOf(RemoteException.Unavailable.class)
          .hasMessage("Remote answered 503: no reason given");
    }
  }

  private RemoteAnswer send(RawServer server) throws RemoteException {
    return call.send(
        () -> http.client().target(server.url()).request().buildGet(),
        answer -> answer,
        RefusalRules.BY_STATUS);
  }
}
