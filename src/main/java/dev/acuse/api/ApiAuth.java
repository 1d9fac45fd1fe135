package dev.acuse.api;

import dev.acuse.http.ApiCaller;
import dev.acuse.http.ApiTokenAuthenticator;
import dev.acuse.http.LoopbackOnlyFilter;
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
   * Puts every resource under {@code /api} behind the configured token, or, if there is none,
   * within reach of this machine only. A resource learns who asks by a parameter {@code @Auth
   * ApiCaller}.
   */
  public static void install(Environment environment, ApiConfiguration configuration) {
    if (configuration.token().isSet()) {
      var authenticator = new ApiTokenAuthenticator(configuration.token().reveal());
      environment.jersey().register(new TokenFeature(new BearerTokenFilter(authenticator)));
    } else {
      LOGGER.warn(
          "no API token is configured (ACUSE_API_TOKEN): the API answers only to requests from this"
              + " machine that no proxy has forwarded");
      environment.jersey().register(new LoopbackFeature());
    }
    environment.jersey().register(new AuthValueFactoryProvider.Binder<>(ApiCaller.class));
  }

  private static final class TokenFeature implements DynamicFeature {
    private final BearerTokenFilter filter;

    TokenFeature(BearerTokenFilter filter) {
      this.filter = filter;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
      if (ApiScope.covers(resource)) {
        context.register(filter).register(PrivateAnswerFilter.class);
      }
    }
  }

  private static final class LoopbackFeature implements DynamicFeature {
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
      if (ApiScope.covers(resource)) {
        context.register(LoopbackOnlyFilter.class).register(PrivateAnswerFilter.class);
      }
    }
  }
}
