package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;

/** Holds an answer to what every refusal must keep to. */
public final class ProblemAnswer {
  private ProblemAnswer() {}

  /** The problem in an answer of a client. */
  public static JsonNode of(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = of(answer.body(), status, code);
    assertThat(answer.headers().allValues("X-Request-Id"))
        .containsExactly(problem.path("request_id").asText());
    return problem;
  }

  /** The problem in an answer off the wire. */
  public static JsonNode of(RawAnswer answer, int status, String code) {
    assertThat(answer.status()).as(answer.head()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    return of(answer.body(), status, code);
  }

  private static JsonNode of(String body, int status, String code) {
    assertThat(body)
        .as("neither HTML nor a stack trace, nor anything that was sent")
        .doesNotContain("<", "Exception", "dev.acuse", "jetty", "\tat ", Bench.CANARY);
    JsonNode problem = RunningAcuse.json(body);
    assertThat(problem.fieldNames())
        .toIterable()
        .containsExactly("type", "title", "status", "code", "detail", "request_id");
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("request_id").asText()).isNotBlank();
    return problem;
  }
}
