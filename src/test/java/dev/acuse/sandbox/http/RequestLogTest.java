package dev.acuse.sandbox.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestLogTest {
  private final RequestLog log = new RequestLog();

  @Test
  void keepsTheLatestRequestsAsFarAsTheirBodiesAreNotTooLargeTogether() {
    byte[] body = new byte[1024 * 1024];
    for (int i = 0; i < 40; i++) {
      log.add(new Request("POST", "/v1/x", null, Map.of(), Map.of(), body), null);
    }

    assertThat(log.count("/v1")).isEqualTo(40);
    assertThat(log.latest()).hasSize(RequestLog.KEPT_CHARS / body.length);
  }

  @Test
  void pathsWithoutEndAreNotAllCounted() {
    for (int i = 0; i < RequestLog.COUNTED_PATHS + 10; i++) {
      log.add(new Request("GET", "/" + i, null, Map.of(), Map.of(), new byte[0]), null);
    }

    assertThat(log.count("/")).isEqualTo(RequestLog.COUNTED_PATHS);
    log.add(new Request("GET", "/0", null, Map.of(), Map.of(), new byte[0]), null);
    assertThat(log.count("/0")).isEqualTo(2);
  }

  @Test
  void callsAreCountedByTokenCompletelyWhereTheirPathsAreNot() {
    var headers = Map.of("authorization", "Bearer t1");
    for (int i = 0; i < RequestLog.COUNTED_PATHS + 10; i++) {
      log.add(new Request("GET", "/v1/" + i, null, Map.of(), headers, new byte[0]), "2001");
    }
    log.add(new Request("GET", "/v1/0", null, Map.of(), Map.of(), new byte[0]), null);

    assertThat(log.count("t1", "/")).isEqualTo(RequestLog.COUNTED_PATHS + 10);
    assertThat(log.count("t1", "/v1")).isEqualTo(RequestLog.COUNTED_PATHS);
    assertThat(log.count("t1", "/v1/0")).isEqualTo(1);
    assertThat(log.count("t2", "/")).isZero();
    assertThat(log.latest().get(0).caller()).isEqualTo("2001");
  }
}
