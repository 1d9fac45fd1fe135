package dev.acuse.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * All that a doctor has found, as lines for people or as JSON. The keys of the JSON are stable.
 *
 * @param version of Acuse, as it was found by
 * @param isOfService whether the running service was asked, rather than looked at from outside
 */
public record Report(String version, boolean isOfService, List<Finding> findings) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Report {
    findings = List.copyOf(findings);
  }

  /** The highest level of all; {@link Level#OK} if there are none. */
  public Level worst() {
    return findings.stream().map(Finding::level).max(Comparator.naturalOrder()).orElse(Level.OK);
  }

  /** A line each, in the order of the checks, and one that counts them. */
  public List<String> lines() {
    int width = findings.stream().mapToInt(one -> one.name().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Finding one : findings) {
      String level = one.level() == Level.WRONG ? "WRONG" : one.level().code();
      lines.add(
          String.format(
              Locale.ROOT,
              "%-6s  %-" + Math.max(1, width) + "s  %s",
              level,
              one.name(),
              one.text()));
    }
    lines.add(
        "%d wrong, %d advice, %d ok"
            .formatted(count(Level.WRONG), count(Level.ADVICE), count(Level.OK)));
    return lines;
  }

  private long count(Level level) {
    return findings.stream().filter(one -> one.level() == level).count();
  }

  /** The same in one line, to be read by programs. */
  public String json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", version);
    json.put("service", isOfService);
    json.put("worst", worst().code());
    ArrayNode list = json.putArray("findings");
    for (Finding one : findings) {
      list.addObject()
          .put("name", one.name())
          .put("level", one.level().code())
          .put("text", one.text());
    }
    return json.toString();
  }

  /**
   * Reads what {@link #json} wrote, maybe of another version.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Report read(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (!json.path("findings").isArray()) {
        throw new IllegalArgumentException("it has no findings");
      }
      List<Finding> findings = new ArrayList<>();
      for (JsonNode one : json.path("findings")) {
        findings.add(
            new Finding(
                one.path("name").asText(),
                Level.of(one.path("level").asText()),
                one.path("text").asText()));
      }
      return new Report(json.path("version").asText(), json.path("service").asBoolean(), findings);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is no JSON", e);
    }
  }
}
