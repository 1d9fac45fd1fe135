package dev.acuse;

import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables into {@code config.yml} before it is parsed. Strict: a variable that
 * is missing and has no default stops the start.
 *
 * <p>A value is escaped for YAML's double quotes, which every text in {@code config.yml} stands in:
 * a password may hold a quote, a backslash or what looks like a variable. Unescaped, it would break
 * the file, and the parser's message would show the line, password and all.
 */
final class YamlEnvironment extends EnvironmentVariableSubstitutor {

  /**
   * Takes variables from this source.
   *
   * @param variables null for one that is not set
   */
  YamlEnvironment(UnaryOperator<@Nullable String> variables) {
    super(true);
    setDisableSubstitutionInValues(true);
    setVariableResolver(name -> escaped(variables.apply(name)));
  }

  private static @Nullable String escaped(@Nullable String value) {
    return value == null
        ? null
        : value
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\r", "\\r")
            .replace("\n", "\\n")
            .replace("\t", "\\t");
  }
}
