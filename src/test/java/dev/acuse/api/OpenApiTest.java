package dev.acuse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.intake.WebhookResource;
import dev.acuse.support.ApiContract;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The API's description says what the resources do, no more and no less. */
class OpenApiTest {
  private static final List<Class<?>> RESOURCES =
      List.of(
          WebhookResource.class,
          WebhookEventsResource.class,
          EventRetriesResource.class,
          StatsResource.class,
          PaymentsResource.class,
          OrdersResource.class,
          DisputesResource.class,
          CheckoutsResource.class,
          EffectsResource.class,
          EffectRetriesResource.class,
          ReconciliationResource.class,
          LedgerResource.class,
          AccountsResource.class,
          ApplicationsResource.class,
          KeysResource.class,
          PeopleResource.class,
          OpenApiResource.class);

  /** The query of resources that read it by themselves. */
  private static final Map<String, Set<String>> QUERIES =
      Map.of(
          "get /api/webhook-events", WebhookEventsResource.LIST_PARAMETERS,
          "post /api/webhook-events/retry", EventRetriesResource.MANY_PARAMETERS,
          "get /api/orders", OrdersResource.LIST_PARAMETERS,
          "get /api/disputes", DisputesResource.LIST_PARAMETERS,
          "get /api/effects", EffectsResource.LIST_PARAMETERS,
          "post /api/effects/retry", EffectRetriesResource.MANY_PARAMETERS,
          "post /api/reconciliation", ReconciliationResource.REQUEST_PARAMETERS);

  @Test
  void documentIsValid() {
    var options = new ParseOptions();
    options.setResolve(true);
    SwaggerParseResult parsed =
        new OpenAPIV3Parser().readContents(ApiContract.document().toString(), null, options);

    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getPaths()).isNotEmpty();
  }

  @Test
  void everyOperationOfTheResourcesIsDescribedAndNoOther() {
    assertThat(documented().keySet()).isEqualTo(implemented().keySet());
  }

  @Test
  void everyOperationTakesTheQueryThatIsDescribed() {
    Map<String, Set<String>> documented = documented();

    implemented()
        .forEach(
            (operation, query) ->
                assertThat(documented.get(operation)).as(operation).isEqualTo(query));
  }

  private static Map<String, Set<String>> implemented() {
    Map<String, Set<String>> operations = new TreeMap<>();
    for (Class<?> resource : RESOURCES) {
      for (Method method : resource.getDeclaredMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (http != null) {
            String operation =
                http.value().toLowerCase(Locale.ROOT) + " " + path(resource) + path(method);
            operations.put(
                operation, new TreeSet<>(QUERIES.getOrDefault(operation, query(method))));
          }
        }
      }
    }
    return operations;
  }

  private static String path(AnnotatedElement element) {
    Path path = element.getAnnotation(Path.class);
    return path == null ? "" : path.value();
  }

  private static Set<String> query(Method method) {
    Set<String> names = new TreeSet<>();
    for (Parameter parameter : method.getParameters()) {
      QueryParam query = parameter.getAnnotation(QueryParam.class);
      if (query != null) {
        names.add(query.value());
      }
    }
    return names;
  }

  private static Map<String, Set<String>> documented() {
    Map<String, Set<String>> operations = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : ApiContract.document().path("paths").properties()) {
      for (String method : List.of("get", "post", "put", "delete", "patch")) {
        if (path.getValue().has(method)) {
          operations.put(method + " " + path.getKey(), query(path.getValue().path(method)));
        }
      }
    }
    return operations;
  }

  private static Set<String> query(JsonNode operation) {
    List<JsonNode> parameters = new ArrayList<>();
    operation.path("parameters").forEach(parameters::add);
    Stream<JsonNode> resolved = parameters.stream().map(OpenApiTest::resolve);
    Set<String> names = new TreeSet<>();
    resolved
        .filter(parameter -> parameter.path("in").asText().equals("query"))
        .forEach(parameter -> names.add(parameter.path("name").asText()));
    return names;
  }

  private static JsonNode resolve(JsonNode node) {
    return node.has("$ref")
        ? ApiContract.document().at(node.path("$ref").asText().substring(1))
        : node;
  }
}
