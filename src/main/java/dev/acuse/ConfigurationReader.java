package dev.acuse;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.process.Causes;
import dev.acuse.text.Text;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.UndefinedEnvironmentVariableException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.ValidationException;
import jakarta.validation.Validator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads {@code config.yml} as Dropwizard does, and says of each mistake in it in one line where it
 * is and what must be there. What stands there is not shown: it may be a secret in the wrong place.
 */
final class ConfigurationReader<T> extends YamlConfigurationFactory<T> {
  private static final int LONGEST = 500;

  private final UsualFile usual;

  /**
   * See {@link YamlConfigurationFactory}.
   *
   * @param usual the file of a command that names none
   */
  ConfigurationReader(
      Class<T> type, Validator validator, ObjectMapper mapper, String prefix, UsualFile usual) {
    super(
        type,
        validator,
        mapper.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES),
        prefix);
    this.usual = usual;
  }

  /**
   * The configuration of a command that names no file.
   *
   * @throws ConfigurationMistake also if the installation names none either: the command would run
   *     by defaults that are no installation's
   */
  @Override
  public T build() throws ConfigurationException {
    String path = usual.path();
    if (path == null) {
      throw new ConfigurationMistake(
          "",
          List.of(
              "the command needs the configuration's file behind its name: config.yml; or "
                  + UsualFile.VARIABLE
                  + " names it"),
          null);
    }
    try {
      return build(usual.provider(), path);
    } catch (IOException e) {
      throw new ConfigurationMistake(
          path, List.of(path + " cannot be read: " + firstLine(String.valueOf(e.getMessage()))), e);
    }
  }

  @Override
  public T build(ConfigurationSourceProvider provider, String path)
      throws IOException, ConfigurationException {
    try {
      return super.build(provider, path);
    } catch (ConfigurationException e) {
      throw new ConfigurationMistake(path, lines(e, RawConfiguration.read(path), path), e);
    } catch (ValidationException e) {
      // What Dropwizard compares with a setting that is missing, it does not expect to be.
      throw new ConfigurationMistake(
          path,
          List.of(
              path
                  + ": a key is missing that another needs: "
                  + firstLine(String.valueOf(e.getMessage()))),
          e);
    } catch (FileNotFoundException e) {
      throw new ConfigurationMistake(
          path, List.of(path + " is no file; name the configuration's, as config.yml"), e);
    } catch (UndefinedEnvironmentVariableException e) {
      throw new ConfigurationMistake(
          path, List.of(path + ": " + firstLine(String.valueOf(e.getMessage()))), e);
    } catch (IOException e) {
      throw new ConfigurationMistake(
          path, List.of(path + " cannot be read: " + firstLine(String.valueOf(e.getMessage()))), e);
    }
  }

  /** A key without a value, as one whose keys are all comments, is as if it were not there. */
  @Override
  protected T build(JsonNode node, String path) throws IOException, ConfigurationException {
    removeNulls(node);
    return super.build(node, path);
  }

  private static void removeNulls(JsonNode node) {
    for (Iterator<JsonNode> children = node.elements(); children.hasNext(); ) {
      JsonNode child = children.next();
      if (child.isNull()) {
        children.remove();
      } else {
        removeNulls(child);
      }
    }
  }

  private static List<String> lines(
      ConfigurationException failure, RawConfiguration raw, String path) {
    JsonParseException malformed =
        Causes.first(failure, e -> e instanceof JsonParseException found ? found : null);
    if (malformed != null) {
      return List.of(malformed(malformed, raw, path));
    }
    JsonMappingException unfit =
        Causes.first(failure, e -> e instanceof JsonMappingException found ? found : null);
    if (unfit != null) {
      return List.of(WrongValue.line(unfit, raw));
    }
    // Of the connections' pool Dropwizard compares settings with each other, and names no section.
    boolean hasOthers = failure.getErrors().stream().anyMatch(error -> !error.startsWith("."));
    return failure.getErrors().stream()
        .filter(error -> !hasOthers || !error.startsWith("."))
        .map(error -> error.startsWith(".") ? "database" + error : error)
        .map(error -> raw.withVariable(Text.line(error, LONGEST)))
        .distinct()
        .collect(Collectors.toList());
  }

  /** The parser's own message shows the lines around, with whatever stands in them. */
  private static String malformed(JsonParseException failure, RawConfiguration raw, String path) {
    JsonLocation location = failure.getLocation();
    int line = location == null ? 0 : location.getLineNr();
    String problem =
        String.valueOf(failure.getOriginalMessage())
            .lines()
            .filter(text -> !text.isBlank() && !text.startsWith(" "))
            .collect(Collectors.joining(": "));
    return Text.line(
        "%s, line %d%s: it is no YAML: %s".formatted(path, line, raw.keyOfLine(line), problem),
        LONGEST);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}
