package dev.acuse.api;

import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.UnauthorizedHandler;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use the API. It covers the resources that carry {@link
 * jakarta.annotation.security.PermitAll}, which every resource under {@code /api} does.
 */
public final class ApiAuth {
  private static final Logger LOGGER = LoggerFactory.getLogger(ApiAuth.class);

  private ApiAuth() {}

  /** Asks for the bearer token; without one configured, answers to this machine only. */
  public static void install(Environment environment, ApiConfiguration config) {
    String token = config.token();
    if (token == null) {
      LOGGER.warn("ACUSE_API_TOKEN is not set: the API answers to loopback only");
    }
    environment
        .jersey()
        .register(
            new AuthDynamicFeature(token == null ? new LoopbackOnlyFilter() : byToken(token)));
  }

  private static ContainerRequestFilter byToken(String token) {
    return new OAuthCredentialAuthFilter.Builder<ApiCaller>()
        .setAuthenticator(new ApiTokenAuthenticator(token))
        .setPrefix("Bearer")
        .setRealm("acuse")
        .setUnauthorizedHandler(new Unauthorized())
        .buildAuthFilter();
  }

  private static final class Unauthorized implements UnauthorizedHandler {
    @Override
    public Response buildResponse(String prefix, String realm) {
      return Problem.of(401, "unauthorized", "A valid bearer token is needed.")
          .response()
          .header(HttpHeaders.WWW_AUTHENTICATE, prefix + " realm=\"" + realm + "\"")
          .build();
    }
  }
}
