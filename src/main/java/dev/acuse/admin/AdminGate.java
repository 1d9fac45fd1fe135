package dev.acuse.admin;

import dev.acuse.http.ApiTokenAuthenticator;
import dev.acuse.http.LocalRequest;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything on the admin port, Dropwizard's own pages and tasks included: it leaves
 * them open. Where there is a token, it asks for it before anything that changes something or shows
 * more than numbers; where there is none, it lets in only what asks from this machine, as {@link
 * LocalRequest} tells it, for numbers too.
 */
final class AdminGate extends Handler.Wrapper {
  private static final String BEARER = "Bearer ";

  /**
   * A header by which a command tells an answer of a task, or a refusal to run one, from another
   * program's. Error pages, as of a task that is not there, come without it.
   */
  static final String MARK = "Acuse-Port";

  /** What monitoring reads; compared as sent, so that no odd spelling of another page passes. */
  private static final Set<String> OPEN =
      Set.of("/", "/healthcheck", "/ping", "/metrics", "/metrics/prometheus");

  private final @Nullable ApiTokenAuthenticator authenticator;

  /**
   * @param token null if there is none
   */
  AdminGate(@Nullable String token, Handler next) {
    super(next);
    this.authenticator = token == null ? null : new ApiTokenAuthenticator(token);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    response.getHeaders().put(MARK, "admin");
    if (authenticator == null) {
      if (!LocalRequest.isLocal(request)) {
        Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
        return true;
      }
    } else if (!isOpen(request) && !isAuthorized(request, authenticator)) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"acuse-admin\"");
      Response.writeError(request, response, callback, HttpStatus.UNAUTHORIZED_401);
      return true;
    }
    return super.handle(request, response, callback);
  }

  private static boolean isOpen(Request request) {
    return (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod()))
        && OPEN.contains(request.getHttpURI().getPath());
  }

  private static boolean isAuthorized(Request request, ApiTokenAuthenticator authenticator) {
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return authorization != null
        && authorization.startsWith(BEARER)
        && authenticator.authenticate(authorization.substring(BEARER.length())).isPresent();
  }
}
