package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check} says of a {@code config.yml} in which one thing is wrong. */
class WrongConfigurationTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String CANARY = "canary0secret";

  @TempDir Path folder;

  /** Each key that the shipped file has, by its way from the top. */
  static Stream<List<Object>> keys() throws IOException {
    List<List<Object>> keys = new ArrayList<>();
    collect(List.of(), shipped(), keys);
    return keys.stream();
  }

  private static void collect(List<Object> at, JsonNode node, List<List<Object>> keys) {
    if (!at.isEmpty()) {
      keys.add(at);
    }
    node.properties().forEach(one -> collect(deeper(at, one.getKey()), one.getValue(), keys));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(deeper(at, i), node.get(i), keys);
    }
  }

  private static List<Object> deeper(List<Object> at, Object step) {
    List<Object> deeper = new ArrayList<>(at);
    deeper.add(step);
    return deeper;
  }

  private static JsonNode shipped() throws IOException {
    return YAML.readTree(Path.of("config.yml").toFile());
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("keys")
  void aKeyOfAWrongTypeIsNamedInOneLine(List<Object> key) throws Exception {
    JsonNode whole = shipped();
    JsonNode wrong =
        at(whole, key).isContainerNode()
            ? YAML.getNodeFactory().textNode(CANARY)
            : YAML.createObjectNode().set("inner", YAML.createArrayNode().add(CANARY));

    put(whole, key, wrong);

    assertOneLine(check(YAML.writeValueAsString(whole)), key);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("keys")
  void aKeyWithoutAValueIsTakenOrNamedInOneLine(List<Object> key) throws Exception {
    JsonNode whole = shipped();
    put(whole, key, YAML.nullNode());

    String said = check(YAML.writeValueAsString(whole));

    // The default of a server listens everywhere, and that of an archive of logs has no name: these
    // are refused by what they go with.
    if (!said.isEmpty() && !List.of("server", "logging").contains(key.get(0))) {
      assertOneLine(said, key);
    }
    assertThat(said).doesNotContain("\tat ");
    assertThat(said.lines()).hasSizeLessThan(2);
  }

  private static JsonNode at(JsonNode whole, List<Object> key) {
    JsonNode node = whole;
    for (Object step : key) {
      node = step instanceof Integer index ? node.get(index) : node.get((String) step);
    }
    return node;
  }

  private static void put(JsonNode whole, List<Object> key, JsonNode value) {
    JsonNode parent = at(whole, key.subList(0, key.size() - 1));
    Object last = key.get(key.size() - 1);
    if (parent instanceof ArrayNode list) {
      list.set((Integer) last, value);
    } else {
      ((ObjectNode) parent).set((String) last, value);
    }
  }

  private static void assertOneLine(String said, List<Object> key) {
    assertThat(said).doesNotContain(CANARY).doesNotContain("\tat ");
    assertThat(said.lines()).hasSize(1);
    Object last = key.get(key.size() - 1);
    String name = last instanceof Integer ? String.valueOf(key.get(key.size() - 2)) : (String) last;
    assertThat(said).contains(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`  workers:` | `\tworkers:` | it is no YAML",
        "`  password: \"${DATABASE_PASSWORD:-}\"` | `  password: \"canary0secret` | it is no YAML",
        "`  workers:` | `  workers: canary0secret: ` | it is no YAML",
        "`  workers:` | `  wrkers:` | dispatch.wrkers is no key; did you mean workers?",
        "intake: | intakes: | intakes is no key; did you mean intake?",
        "${PORT:-8080} | 99999 | server.applicationConnectors[0].port",
        "${ACUSE_LEASE:-60s} | 60sec | dispatch.lease must be a duration such as 60s",
        "${ACUSE_LEASE:-60s} | ${ACUSE_LEASE:-60sec} | dispatch.lease (ACUSE_LEASE) must be a dur",
        "${PORT:-8080} | ${PORT:-http} | server.applicationConnectors[0].port (PORT) must be a whole",
        "${ACUSE_IPN:-hint} | ${ACUSE_IPN:-maybe} | mercadoPago.ipn (ACUSE_IPN) must be one of hint, ignore",
        "${ACUSE_WORKERS:-8} | ${ACUSE_WORKERS:-0} | dispatch.workers (ACUSE_WORKERS) must be",
        "${ACUSE_WORKERS:-8} | ${ACUSE_TEST_UNSET} | ACUSE_TEST_UNSET",
        "${DATABASE_POOL:-16} | ${DATABASE_POOL:-0} | database.maxSize (DATABASE_POOL) must be",
        "`  level: INFO` | `  level: LOUD` | logging.level",
      })
  void aMistakeIsNamedInOneLine(String line, String wrong, String part) throws Exception {
    String file = Files.readString(Path.of("config.yml"));
    assertThat(file).contains(line);

    String said = check(file.replace(line, wrong));

    assertThat(said).contains(part).doesNotContain(CANARY).doesNotContain("\tat ");
    assertThat(said.lines()).hasSize(1);
  }

  @Test
  void twoMistakesAreTwoLines() throws Exception {
    String file = Files.readString(Path.of("config.yml"));

    String said =
        check(
            file.replace("${ACUSE_WORKERS:-8}", "0")
                .replace("${ACUSE_INTAKE_CONNECTIONS:-8}", "0"));

    assertThat(said.lines()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check                  | needs the configuration's file",
        "server                 | needs the configuration's file",
        "db migrate             | needs the configuration's file",
        "process                | needs the configuration's file",
        "reconcile              | needs the configuration's file",
        "demo                   | needs the configuration's file",
        "check nosuch.yml       | nosuch.yml is no file",
        "check .                | . is no file",
        "serve config.yml       | \"serve\" is no command; write one of account, application, archive, backup, check, db",
        "c config.yml           | \"c\" is no command",
        "db drop config.yml     | \"drop\" is no command of db; write one of",
      })
  void aCommandLineThatIsIncompleteIsRefusedInOneLine(String line, String part) {
    String said = run(line.split(" "));

    assertThat(said).contains(part).doesNotContain("\tat ");
    assertThat(said.lines()).hasSize(1);
  }

  @Test
  void aCommandWithoutAFileReadsTheOneThatTheEnvironmentNames() throws Exception {
    Path file = folder.resolve("installed.yml");
    Files.copy(Path.of("config.yml"), file);

    assertThat(run(Map.of("ACUSE_CONFIG", file.toString()), "check")).isEmpty();

    Files.writeString(file, Files.readString(file).replace("workers:", "workrs:"));
    assertThat(run(Map.of("ACUSE_CONFIG", file.toString()), "check")).contains("workrs");
  }

  @Test
  void aNamedFileGoesBeforeTheOneThatTheEnvironmentNames() {
    assertThat(run(Map.of("ACUSE_CONFIG", "nosuch.yml"), "check", "config.yml")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nosuch.yml | nosuch.yml is no file",
        "' '        | needs the configuration's file",
        "''         | needs the configuration's file",
      })
  void anEnvironmentThatNamesNoFileIsRefusedInOneLine(String named, String part) {
    String said = run(Map.of("ACUSE_CONFIG", named), "check");

    assertThat(said).contains(part).doesNotContain("\tat ");
    assertThat(said.lines()).hasSize(1);
  }

  @Test
  void theFileThatTheEnvironmentNamesHoldsItsVariables() throws Exception {
    Path file = folder.resolve("installed.yml");
    Files.copy(Path.of("config.yml"), file);

    String said = run(Map.of("ACUSE_CONFIG", file.toString(), "ACUSE_WORKERS", "no"), "check");

    assertThat(said).contains("ACUSE_WORKERS");
  }

  private String check(String yaml) throws IOException {
    Path file = folder.resolve("config.yml");
    Files.writeString(file, yaml);
    return run("check", file.toString());
  }

  /** What it says why it failed; empty if it did not. */
  private static String run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private static String run(Map<String, String> environment, String... arguments) {
    var err = new ByteArrayOutputStream();
    boolean went =
        new AcuseApplication(environment).run(new ByteArrayOutputStream(), err, arguments);
    String said = err.toString(StandardCharsets.UTF_8);
    assertThat(said.isEmpty()).as(said).isEqualTo(went);
    return said;
  }
}
