package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class AccountsApiOnPostgresqlIT extends AccountsApi {
  AccountsApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }

  @Test
  void aChangeOnOneInstanceCountsOnTheOther() {
    try (RunningAcuse other = another()) {
      done(
          201,
          callAt(
              other,
              "POST",
              "/api/accounts",
              "{\"name\": \"elsewhere\", \"mp_user_id\": \"2950\"}"));

      await()
          .untilAsserted(
              () -> assertThat(call("GET", "/api/accounts/elsewhere").statusCode()).isEqualTo(200));
      done(200, callAt(other, "PATCH", "/api/accounts/elsewhere", "{\"state\": \"paused\"}"));
      await()
          .untilAsserted(
              () -> {
                HttpResponse<String> answer = call("GET", "/api/accounts/elsewhere");
                assertThat(done(200, answer).path("state").asText()).isEqualTo("paused");
              });
    }
  }
}
