package dev.acuse;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong in a configuration: a line for each mistake, which holds no value. */
final class ConfigurationMistake extends ConfigurationException {
  private static final long serialVersionUID = 1L;

  /**
   * @param path of the file
   * @param mistakes each as one line that begins with the key
   */
  ConfigurationMistake(String path, List<String> mistakes, @Nullable Throwable cause) {
    super(path, mistakes, cause);
  }

  /** Dropwizard would put a heading over them. */
  @Override
  public String getMessage() {
    return String.join("\n", getErrors());
  }
}
