package dev.acuse.api;

import dev.acuse.access.ApiKey;
import dev.acuse.access.KnownKeys;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.ApiTokenAuthenticator;
import dev.acuse.http.LoopbackCaller;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import io.dropwizard.auth.AuthFilter;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets in what sends the root token or a key as {@code Authorization: Bearer …}; where no root
 * token is configured, also what asks from this machine without a key. Dropwizard's own filter
 * takes a token from the query parameter {@code access_token} too, where it would end up in access
 * logs and browser histories (RFC 6750, 5.3); this one does not.
 */
final class BearerTokenFilter extends AuthFilter<ApiCaller, ApiCaller> {
  private static final String SCHEME = "Bearer";
  private static final String CHALLENGE = "Bearer realm=\"acuse\"";
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final @Nullable ApiTokenAuthenticator root;
  private final KnownKeys keys;

  /**
   * @param root null if no root token is configured
   */
  BearerTokenFilter(@Nullable ApiTokenAuthenticator root, KnownKeys keys) {
    this.authenticator = Optional::of;
    this.prefix = SCHEME;
    this.realm = "acuse";
    this.root = root;
    this.keys = keys;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    ApiCaller caller = caller(request, token(request.getHeaders().get(HttpHeaders.AUTHORIZATION)));
    if (!authenticate(request, caller, SCHEME)) {
      throw unauthorized(ProblemCode.UNAUTHORIZED.code(), ProblemCode.UNAUTHORIZED.detail());
    }
  }

  private ApiCaller caller(ContainerRequestContext request, @Nullable String token) {
    if (root != null) {
      Optional<ApiCaller> holder = token == null ? Optional.empty() : root.authenticate(token);
      return holder.orElseGet(() -> holderOfKey(token));
    }
    if (token != null && KnownKeys.isForm(token)) {
      return holderOfKey(token);
    }
    return LoopbackCaller.of(request)
        .orElseThrow(
            () ->
                ProblemException.of(
                    ProblemCode.FORBIDDEN,
                    "No API token is configured, so without a key the API answers only to its own"
                        + " machine."));
  }

  /** A key that was one is told so: only its holder can know it. */
  private ApiCaller holderOfKey(@Nullable String token) {
    KnownKeys.Finding finding = token == null ? KnownKeys.Finding.UNKNOWN : keys.find(token);
    ApiKey key = finding.key();
    return switch (finding.verdict()) {
      case GOOD -> ApiCaller.of(known(key));
      case EXPIRED ->
          throw unauthorized("key_expired", "The key expired at " + known(key).expiresAt() + ".");
      case REVOKED -> throw unauthorized("key_revoked", "The key was revoked.");
      case UNKNOWN ->
          throw unauthorized(ProblemCode.UNAUTHORIZED.code(), ProblemCode.UNAUTHORIZED.detail());
      case BUSY ->
          throw ProblemException.of(
                  ProblemCode.UNAVAILABLE, "Too many keys are looked up. Please try again.")
              .retryAfter(AGAIN);
    };
  }

  private static ApiKey known(@Nullable ApiKey key) {
    if (key == null) {
      throw new IllegalStateException("a verdict is about a key");
    }
    return key;
  }

  private static ProblemException unauthorized(String code, String detail) {
    return ProblemException.of(ProblemCode.UNAUTHORIZED.status(), code, detail)
        .challenge(CHALLENGE);
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
