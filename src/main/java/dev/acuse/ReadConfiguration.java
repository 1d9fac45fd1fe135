package dev.acuse;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationFactoryFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Lets a command change a configuration after it was read and before anything is begun by it: the
 * log begins before the command is called.
 */
final class ReadConfiguration {
  private ReadConfiguration() {}

  /**
   * Has the change made to what this bootstrap reads from now on.
   *
   * @param change may throw a {@link dev.acuse.process.SetupException}
   */
  static <T extends Configuration> void then(
      Bootstrap<T> bootstrap, Consumer<AcuseConfiguration> change) {
    ConfigurationFactoryFactory<T> plain = bootstrap.getConfigurationFactoryFactory();
    bootstrap.setConfigurationFactoryFactory(
        (type, validator, mapper, prefix) ->
            new Changing<>(plain.create(type, validator, mapper, prefix), change));
  }

  private record Changing<T extends Configuration>(
      ConfigurationFactory<T> plain, Consumer<AcuseConfiguration> change)
      implements ConfigurationFactory<T> {
    @Override
    public T build(ConfigurationSourceProvider provider, String path)
        throws IOException, ConfigurationException {
      return changed(plain.build(provider, path));
    }

    @Override
    public T build() throws IOException, ConfigurationException {
      return changed(plain.build());
    }

    private T changed(T config) {
      if (config instanceof AcuseConfiguration ours) {
        change.accept(ours);
      }
      return config;
    }
  }
}
