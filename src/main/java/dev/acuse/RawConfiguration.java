package dev.acuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file before variables are put in: it tells which variable sets which key. */
final class RawConfiguration {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)");
  private static final Pattern KEY = Pattern.compile("^\\s*(?:-\\s+)?\"?([\\w.$]+)\"?\\s*:");

  private final List<String> lines;
  private final Map<String, String> variables = new LinkedHashMap<>();

  private RawConfiguration(List<String> lines) {
    this.lines = lines;
  }

  /** Reads as much of it as can be read. */
  static RawConfiguration read(String path) {
    try {
      List<String> lines = Files.readAllLines(Path.of(path));
      var raw = new RawConfiguration(lines);
      raw.note("", new YAMLMapper().readTree(String.join("\n", lines)));
      return raw;
    } catch (IOException | InvalidPathException e) {
      return new RawConfiguration(linesOf(path));
    }
  }

  private static List<String> linesOf(String path) {
    try {
      return Files.readAllLines(Path.of(path));
    } catch (IOException | InvalidPathException e) {
      return List.of();
    }
  }

  private void note(String key, JsonNode value) {
    value
        .properties()
        .forEach(
            one -> note(key.isEmpty() ? one.getKey() : key + "." + one.getKey(), one.getValue()));
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      note(key + "[" + i + "]", value.get(i));
    }
    Matcher variable = VARIABLE.matcher(value.asText());
    if (value.isTextual() && variable.find()) {
      variables.put(key, variable.group(1));
    }
  }

  /** The key, and behind it the variable that sets it, if one does. */
  String named(String key) {
    String variable = variables.get(key);
    return variable == null ? key : key + " (" + variable + ")";
  }

  /** The same for a message that begins with a key; one that names the variable stays. */
  String withVariable(String message) {
    int end = message.indexOf(' ');
    String key = end < 0 ? message : message.substring(0, end);
    String variable = variables.get(key);
    return variable == null || message.contains("(" + variable + ")")
        ? message
        : key + " (" + variable + ")" + message.substring(key.length());
  }

  /** What stands before the colon in a line, to be put behind its number; blank if nothing does. */
  String keyOfLine(int line) {
    if (line < 1 || line > lines.size()) {
      return "";
    }
    String text = lines.get(line - 1);
    Matcher key = KEY.matcher(text);
    if (!key.find()) {
      return "";
    }
    Matcher variable = VARIABLE.matcher(text);
    return ", " + key.group(1) + (variable.find() ? " (" + variable.group(1) + ")" : "");
  }
}
