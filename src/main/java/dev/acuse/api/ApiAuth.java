package dev.acuse.api;

import dev.acuse.access.KnownKeys;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.ApiTokenAuthenticator;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the API answers only to whom it should. */
public final class ApiAuth {
  private static final Logger LOGGER = LoggerFactory.getLogger(ApiAuth.class);

  private ApiAuth() {}

  /**
   * Puts every resource under {@code /api} behind the configured root token and the keys, or, if
   * there is no root token, behind the keys and within reach of this machine; and holds each caller
   * to its rights. A resource learns who asks by a parameter {@code @Auth ApiCaller}.
   */
  public static void install(
      Environment environment, ApiConfiguration configuration, KnownKeys keys) {
    ApiTokenAuthenticator root = null;
    if (configuration.token().isSet()) {
      root = new ApiTokenAuthenticator(configuration.token().reveal());
    } else {
      LOGGER.warn(
          "no API token is configured (ACUSE_API_TOKEN): without a key the API answers only to"
              + " requests from this machine that no proxy has forwarded");
    }
    environment.jersey().register(new CallerFeature(new BearerTokenFilter(root, keys)));
    environment.jersey().register(new AuthValueFactoryProvider.Binder<>(ApiCaller.class));
  }

  private static final class CallerFeature implements DynamicFeature {
    private final BearerTokenFilter filter;

    CallerFeature(BearerTokenFilter filter) {
      this.filter = filter;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
      if (ApiScope.covers(resource)) {
        context
            .register(filter)
            .register(ApiRights.of(resource))
            .register(PrivateAnswerFilter.class);
      }
    }
  }
}
