package dev.acuse.api;

import dev.acuse.http.ApiCaller;
import dev.acuse.http.ApiTokenAuthenticator;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import io.dropwizard.auth.AuthFilter;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets in whoever sends the API's token as {@code Authorization: Bearer …}. Dropwizard's own filter
 * takes it from the query parameter {@code access_token} too, where it would end up in access logs
 * and browser histories (RFC 6750, 5.3); this one does not.
 */
final class BearerTokenFilter extends AuthFilter<String, ApiCaller> {
  private static final String SCHEME = "Bearer";
  private static final String CHALLENGE = "Bearer realm=\"acuse\"";

  BearerTokenFilter(ApiTokenAuthenticator authenticator) {
    this.authenticator = authenticator;
    this.prefix = SCHEME;
    this.realm = "acuse";
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String token = token(request.getHeaders().get(HttpHeaders.AUTHORIZATION));
    if (!authenticate(request, token, SCHEME)) {
      throw ProblemException.of(ProblemCode.UNAUTHORIZED).challenge(CHALLENGE);
    }
  }

  /** The token; null if there is none, or more than one header to choose from. */
  private static @Nullable String token(@Nullable List<String> headers) {
    if (headers == null || headers.size() != 1) {
      return null;
    }
    String header = headers.get(0);
    boolean isBearer = header.regionMatches(true, 0, SCHEME + " ", 0, SCHEME.length() + 1);
    return isBearer ? header.substring(SCHEME.length() + 1).strip() : null;
  }
}
