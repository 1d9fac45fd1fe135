package dev.acuse;

import io.dropwizard.configuration.ConfigurationSourceProvider;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The configuration's file of a command that names none. An installed Acuse sets the variable, so
 * that {@code acuse check} is a whole command.
 *
 * @param path null if the variable is not set or blank
 * @param provider reads it, and puts the environment's variables into it
 */
record UsualFile(@Nullable String path, ConfigurationSourceProvider provider) {
  /** The environment's variable that names it. */
  static final String VARIABLE = "ACUSE_CONFIG";

  /**
   * As the environment names it.
   *
   * @param variables null for one that is not set
   */
  static UsualFile of(
      UnaryOperator<@Nullable String> variables, ConfigurationSourceProvider provider) {
    String path = variables.apply(VARIABLE);
    return new UsualFile(path == null || path.isBlank() ? null : path.strip(), provider);
  }
}
