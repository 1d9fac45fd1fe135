package dev.acuse.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds every answer of the API that a test gets against the OpenAPI document. */
public final class ApiContract {
  private static final String DOCUMENT = "https://acuse.dev/openapi.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ApiContract INSTANCE = new ApiContract();

  private final JsonNode document = read();
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V202012,
          builder ->
              builder.schemaLoaders(
                  loaders -> loaders.schemas(Map.of(DOCUMENT, document.toString()))));
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

  private ApiContract() {}

  /** The document as it is packaged. */
  public static JsonNode document() {
    return INSTANCE.document;
  }

  /**
   * Checks an answer; those of paths outside the API and the webhooks are nobody's business here.
   *
   * @throws AssertionError if the document does not describe it
   */
  public static void check(HttpResponse<String> answer) {
    check(answer.request().method(), answer.uri().getPath(), answer.statusCode(), answer.body());
  }

  /**
   * Checks an answer that came some other way.
   *
   * @param path without the query
   * @throws AssertionError if the document does not describe it
   */
  public static void check(String method, String path, int status, String body) {
    INSTANCE.hold(new Answer(method, path, status, body));
  }

  private record Answer(String method, String path, int statusCode, String body) {}

  private void hold(Answer answer) {
    String path = answer.path();
    if (answer.method().equals("HEAD")
        || !(path.startsWith("/api/") || path.startsWith("/webhooks/"))) {
      return;
    }
    String template = template(path);
    String method = answer.method().toLowerCase(Locale.ROOT);
    JsonNode operation = document.path("paths").path(template).path(method);
    if (operation.isMissingNode()) {
      if (answer.statusCode() < 400) {
        throw new AssertionError("the document has no " + method + " " + path);
      }
      validate("#/components/schemas/Problem", answer);
      return;
    }
    String status = String.valueOf(answer.statusCode());
    JsonNode responses = operation.path("responses");
    if (!responses.has(status) && answer.statusCode() < 400) {
      throw new AssertionError(method + " " + template + " has no answer " + status);
    }
    if (answer.statusCode() >= 400) {
      validate("#/components/schemas/Problem", answer);
    } else if (responses.path(status).path("content").has("application/json")) {
      validate(
          "#/paths/"
              + template
                  .replace("~", "~0")
                  .replace("/", "~1")
                  .replace("{", "%7B")
                  .replace("}", "%7D")
              + "/"
              + method
              + "/responses/"
              + status
              + "/content/application~1json/schema",
          answer);
    }
  }

  private void validate(String pointer, Answer answer) {
    JsonSchema schema =
        schemas.computeIfAbsent(
            pointer, fragment -> factory.getSchema(SchemaLocation.of(DOCUMENT + fragment)));
    try {
      Set<ValidationMessage> wrong = schema.validate(JSON.readTree(answer.body()));
      if (!wrong.isEmpty()) {
        throw new AssertionError(
            answer.method()
                + " "
                + answer.path()
                + " answered "
                + answer.statusCode()
                + ", which the OpenAPI document does not describe: "
                + wrong);
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + answer.body(), e);
    }
  }

  /** The document's path for a path that was asked for; a fixed one before one with a parameter. */
  private String template(String path) {
    if (document.path("paths").has(path)) {
      return path;
    }
    for (Map.Entry<String, JsonNode> candidate : document.path("paths").properties()) {
      String pattern = candidate.getKey().replaceAll("\\{[^}]+}", "[^/]+");
      if (path.matches(pattern)) {
        return candidate.getKey();
      }
    }
    return path;
  }

  private static JsonNode read() {
    try (InputStream yaml = ApiContract.class.getResourceAsStream("/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
