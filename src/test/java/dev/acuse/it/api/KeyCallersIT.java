package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys at the whole service: what stands beside them, and where they are not. */
class KeyCallersIT {
  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  private static HttpResponse<String> call(
      RunningAcuse acuse, String method, String path, @Nullable String token, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(acuse.url(path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return acuse.exchange(request.build());
  }

  private static JsonNode make(RunningAcuse acuse, @Nullable String token, String body) {
    HttpResponse<String> answer = call(acuse, "POST", "/api/keys", token, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return RunningAcuse.json(answer);
  }

  @Test
  void aKeyWorksBesideTheRootTokenAndItsUseIsSeen() {
    try (var acuse = RunningAcuse.start(database, sandbox, Map.of("api.token", "let-me-in"))) {
      JsonNode made =
          make(
              acuse,
              "let-me-in",
              "{\"name\": \"crm\", \"role\": \"write\", \"accounts\": [\"main\"]}");
      String key = made.path("secret").asText();

      assertThat(call(acuse, "GET", "/api/payments", key, "").statusCode()).isEqualTo(200);
      assertThat(call(acuse, "GET", "/api/payments", null, "").statusCode()).isEqualTo(401);
      assertThat(call(acuse, "POST", "/api/payments/1/accept", key, "").statusCode())
          .isEqualTo(404);
      assertThat(call(acuse, "POST", "/api/reconciliation", key, "").statusCode()).isEqualTo(202);
      String admin =
          make(
                  acuse,
                  "let-me-in",
                  "{\"name\": \"chief\", \"role\": \"admin\", \"accounts\": [\"main\"]}")
              .path("secret")
              .asText();
      HttpResponse<String> whole =
          call(acuse, "POST", "/api/accounts", admin, "{\"name\": \"shop-b\"}");
      assertThat(whole.statusCode()).isEqualTo(403);
      assertThat(whole.body()).contains("needs a key of all accounts");
      await()
          .until(
              () ->
                  call(acuse, "GET", "/api/keys", "let-me-in", "")
                      .body()
                      .contains("last_used_at\":\"2"));
    }
    String actor =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT requested_by FROM reconciliation_runs")
                        .mapTo(String.class)
                        .one());
    assertThat(actor).isEqualTo("key:crm");
  }

  @Test
  void withoutARootTokenThisMachineNeedsNoKeyAndAKeyIsHeldToItsRole() {
    try (var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      JsonNode made =
          make(acuse, null, "{\"name\": \"crm\", \"role\": \"read\", \"accounts\": [\"*\"]}");
      String key = made.path("secret").asText();
      assertThat(made.path("key").path("created_by").asText()).isEqualTo("loopback");

      assertThat(call(acuse, "GET", "/api/payments", key, "").statusCode()).isEqualTo(200);
      assertThat(call(acuse, "POST", "/api/checkouts", key, "{}").statusCode()).isEqualTo(403);
      assertThat(call(acuse, "POST", "/api/checkouts", null, "{}").statusCode()).isEqualTo(400);
      HttpRequest.Builder forwarded =
          HttpRequest.newBuilder(acuse.url("/api/payments")).header("X-Forwarded-For", "10.0.0.1");
      assertThat(acuse.exchange(forwarded.build()).statusCode()).isEqualTo(403);
      assertThat(
              acuse
                  .exchange(forwarded.header("Authorization", "Bearer " + key).build())
                  .statusCode())
          .isEqualTo(200);
      assertThat(call(acuse, "GET", "/api/payments", "ack_" + "x".repeat(43), "").statusCode())
          .isEqualTo(401);
    }
  }
}
