package dev.acuse.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdminPortIT {
  private static final String TASK = "/tasks/log-level?logger=dev.acuse.nobody&level=INFO";

  @Test
  void whatChangesSomethingOnTheAdminPortNeedsTheTokenOnceItIsSet() {
    try (var database = TestDatabase.open(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var acuse = RunningAcuse.start(database, sandbox, Map.of("adminPort.token", "let-me-in"))) {
      assertThat(status(acuse, "POST", TASK, null)).isEqualTo(401);
      assertThat(status(acuse, "POST", TASK, "wrong")).isEqualTo(401);
      assertThat(status(acuse, "POST", TASK, "let-me-in")).isEqualTo(200);
      for (String open : List.of("/", "/healthcheck", "/ping", "/metrics")) {
        assertThat(status(acuse, "GET", open, null)).as(open).isEqualTo(200);
      }
      for (String closed :
          List.of("/threads", "/pprof?time=1", "/tasks/gc", "/metrics/../threads")) {
        assertThat(status(acuse, "GET", closed, null)).as(closed).isEqualTo(401);
      }
      assertThat(status(acuse, "GET", "/threads", "let-me-in")).isEqualTo(200);
    }
  }

  @Test
  void withoutATokenTheAdminPortStaysOnThisMachine() {
    try (var database = TestDatabase.open(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      assertThat(status(acuse, "POST", TASK, null)).isEqualTo(200);
    }
  }

  @Test
  void webPageCannotRunATask() {
    try (var database = TestDatabase.open(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      HttpRequest fromAPage =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/tasks/pause"))
              .header("Origin", "https://evil.example")
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();

      assertThat(acuse.exchange(fromAPage).statusCode()).isEqualTo(403);
      assertThat(RunningAcuse.json(acuse.get("/api/stats")).path("paused").isNull()).isTrue();
    }
  }

  private static int status(
      RunningAcuse acuse, String method, String path, @Nullable String token) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return acuse.exchange(request.build()).statusCode();
  }
}
