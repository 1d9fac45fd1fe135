package dev.acuse.logging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.process.SetupException;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import java.util.Locale;
import java.util.Set;

/** The levels that a configuration asks for: Dropwizard takes a misspelled one for another. */
final class LogLevels {
  /** YAML reads OFF as false and ON as true. */
  private static final Set<String> LEVELS =
      Set.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL", "FALSE", "TRUE");

  private LogLevels() {}

  /**
   * @throws SetupException if one of them is none
   */
  static void check(DefaultLoggingFactory logging) {
    check("logging.level", String.valueOf(logging.getLevel()));
    logging.getLoggers().forEach((name, level) -> check("logging.loggers." + name, level));
  }

  /** A logger with appenders of its own has its level inside. */
  private static void check(String key, JsonNode logger) {
    if (logger.isValueNode()) {
      check(key, logger.asText());
    } else if (logger.isObject() && logger.path("level").isValueNode()) {
      check(key + ".level", logger.path("level").asText());
    } else {
      refuse(key);
    }
  }

  private static void check(String key, String level) {
    if (!LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
      refuse(key);
    }
  }

  private static void refuse(String key) {
    throw new SetupException(key + " must be one of OFF, ERROR, WARN, INFO, DEBUG, TRACE, ALL");
  }
}
