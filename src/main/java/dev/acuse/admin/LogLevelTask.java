package dev.acuse.admin;

import ch.qos.logback.classic.Level;
import dev.acuse.http.Parameter;
import dev.acuse.logging.QuietLibraries;
import io.dropwizard.servlets.tasks.LogConfigurationTask;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * {@code log-level}, in place of Dropwizard's own, which takes any word that is no level for {@code
 * DEBUG}, and then logs what should not be.
 */
final class LogLevelTask extends OperatorTask {
  private static final Set<String> LEVELS =
      Set.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL");
  private static final int MAX_NAME = 200;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$.-]+");

  private final LogConfigurationTask dropwizards = new LogConfigurationTask();

  LogLevelTask(TaskStatus status) {
    super("log-level", status, "logger", "level", "duration");
  }

  @Override
  public String perform(Parameters parameters) {
    String logger = parameters.get("logger").text(MAX_NAME);
    if (logger == null) {
      throw parameters.get("logger").invalid("is missing: for example dev.acuse");
    }
    if (!NAME.matcher(logger).matches()) {
      throw parameters.get("logger").invalid("is no name of a logger: for example dev.acuse");
    }
    Parameter level = parameters.get("level");
    if (level.value() != null && !LEVELS.contains(level.value().toUpperCase(Locale.ROOT))) {
      throw level.invalid(
          "must be one of: " + String.join(", ", LEVELS.stream().sorted().toList()));
    }
    refuseWhatPrintsTokens(logger, level);
    return run(logger, level.value(), duration(parameters.get("duration")));
  }

  private static void refuseWhatPrintsTokens(String logger, Parameter level) {
    String value = level.value();
    if (value == null && logger.equalsIgnoreCase(Logger.ROOT_LOGGER_NAME)) {
      throw level.invalid("is missing: the root has none to fall back to");
    }
    if (value != null && !QuietLibraries.mayBe(logger, Level.valueOf(value))) {
      throw level.invalid(
          "must be INFO or above for any logger but dev.acuse and those in it: below that libraries"
              + " print tokens and addresses");
    }
  }

  private static @Nullable String duration(Parameter duration) {
    String value = duration.value();
    if (value != null) {
      try {
        java.time.Duration.parse(value);
      } catch (java.time.DateTimeException e) {
        throw duration.invalid("must be a duration of ISO 8601, such as PT10M");
      }
    }
    return value;
  }

  private String run(String logger, @Nullable String level, @Nullable String duration) {
    var output = new StringWriter();
    try (var writer = new PrintWriter(output)) {
      dropwizards.execute(
          duration == null
              ? Map.of("logger", List.of(logger), "level", listOf(level))
              : Map.of(
                  "logger", List.of(logger),
                  "level", listOf(level),
                  "duration", List.of(duration)),
          writer);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return output.toString().strip();
  }

  private static List<String> listOf(@Nullable String value) {
    return value == null ? List.of() : List.of(value);
  }
}
