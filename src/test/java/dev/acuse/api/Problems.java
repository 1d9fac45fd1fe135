package dev.acuse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.http.Problem;
import java.net.http.HttpResponse;

/** Reads answers that must be problems. */
public final class Problems {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Problems() {}

  /** The problem in an answer, after a look at what every problem must keep to. */
  public static JsonNode read(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
    assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    JsonNode problem = parse(answer.body(), status, code);
    assertThat(answer.headers().allValues("X-Request-Id"))
        .containsExactly(problem.path("request_id").asText());
    return problem;
  }

  /** The sentence of a 400. */
  public static String detail(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return read(answer, 400, json(answer.body()).path("code").asText()).path("detail").asText();
  }

  public static JsonNode parse(String body, int status, String code) {
    assertThat(body).doesNotContain("secret-canary", "<", "Exception", "dev.acuse", "jetty");
    JsonNode problem = json(body);
    assertThat(problem.fieldNames())
        .toIterable()
        .containsExactly("type", "title", "status", "code", "detail", "request_id");
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("detail").asText()).endsWith(".");
    return problem;
  }

  public static JsonNode json(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + body, e);
    }
  }
}
