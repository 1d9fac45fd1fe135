package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

class ApiTokenIT {

  @Test
  void onceATokenIsSetTheApiAsksForItAndTheWebhooksDoNot() {
    try (var database = TestDatabase.open(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var acuse = RunningAcuse.start(database, sandbox, Map.of("api.token", "let-me-in"))) {
      for (String path : new String[] {"/api/checkouts", "/api/payments", "/api/webhook-events"}) {
        HttpResponse<String> refused = get(acuse, path, null);
        assertThat(refused.statusCode()).as(path).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
            .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
        assertThat(RunningAcuse.json(refused).path("code").asText()).isEqualTo("unauthorized");
        assertThat(get(acuse, path, "Bearer wrong").statusCode()).isEqualTo(401);
        assertThat(get(acuse, path, "Basic bGV0LW1lLWlu").statusCode()).isEqualTo(401);
        assertThat(get(acuse, path, "Bearer let-me-in").statusCode()).isEqualTo(200);
      }
      assertThat(acuse.post("/api/payments/1/accept", "").statusCode()).isEqualTo(401);
      assertThat(acuse.post("/api/checkouts", "{}").statusCode()).isEqualTo(401);
      assertThat(acuse.send(sandbox.notifications().simulated()).status()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> get(
      RunningAcuse acuse, String path, @Nullable String authorization) {
    HttpRequest.Builder request = HttpRequest.newBuilder(acuse.url(path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return acuse.exchange(request.build());
  }
}
