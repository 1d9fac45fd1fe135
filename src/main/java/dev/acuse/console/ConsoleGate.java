package dev.acuse.console;

import dev.acuse.access.AccessRole;
import dev.acuse.console.session.ConsoleUsers;
import dev.acuse.console.session.ConsoleUsers.User;
import dev.acuse.console.session.Cookies;
import dev.acuse.console.session.Secrets;
import dev.acuse.console.session.Sessions;
import dev.acuse.console.session.Visitor;
import dev.acuse.event.Scope;
import dev.acuse.http.BoundedBody;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.RequestBodies;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Form;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.glassfish.jersey.server.ContainerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every page of the console: lets in whoever has a session (or, where no users are
 * configured, asks from this machine), and takes a change only from an operator, from a page of our
 * own, and with the token that our own form carries.
 */
@Priority(Priorities.AUTHENTICATION)
public final class ConsoleGate implements ContainerRequestFilter {
  private static final Pattern CONSOLE = Pattern.compile("^/*console(/|$)");

  static final String LOGIN = "/console/login";
  static final String TOKEN_FIELD = "form_token";

  /** Names the attribute with the address of the other end. */
  static final String ADDRESS = "dev.acuse.console.address";

  /** Names the attribute that says whether the request was made on this machine. */
  static final String LOCAL = "dev.acuse.console.local";

  private static final Duration FORM_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_FORM = 64 * 1024;

  private final ConsoleUsers users;
  private final Sessions sessions;

  ConsoleGate(ConsoleUsers users, Sessions sessions) {
    this.users = users;
    this.sessions = sessions;
  }

  /** Whether a resource is a page of the console; what is public in it are its assets alone. */
  static boolean guards(Class<?> resource) {
    Path path = resource.getAnnotation(Path.class);
    return path != null && resource != AssetsResource.class && CONSOLE.matcher(path.value()).find();
  }

  @Override
  public void filter(ContainerRequestContext request) {
    boolean isLogin = request.getUriInfo().getPath().equals("console/login");
    Visitor visitor = visitor(request);
    if (visitor == null && !isLogin) {
      turnAway(request);
      return;
    }
    Visitor present = visitor == null ? Visitor.stranger(formToken(request)) : visitor;
    present.remember(request);
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      checkChange(request, present, isLogin);
    }
  }

  /** Null for who must log in first. */
  private @Nullable Visitor visitor(ContainerRequestContext request) {
    if (users.isEmpty()) {
      if (!Boolean.TRUE.equals(request.getProperty(LOCAL))) {
        throw ProblemException.of(
            ProblemCode.FORBIDDEN,
            "There is no user of the console, so it answers only to its own machine.");
      }
      return new Visitor(
          "loopback", AccessRole.ADMIN, Scope.everything(), formToken(request), false);
    }
    String token = Cookies.read(request, Cookies.SESSION);
    Optional<User> user = token == null ? Optional.empty() : sessions.find(token);
    return user.map(
            known ->
                new Visitor(
                    known.name(),
                    known.role(),
                    known.scope(),
                    Secrets.hash("form", String.valueOf(token)),
                    true))
        .orElse(null);
  }

  /** The other end of the connection; put there by a servlet filter, which Jersey is not. */
  static String address(ContainerRequestContext request) {
    return request.getProperty(ADDRESS) instanceof String address ? address : "";
  }

  /** To the login and back; a script is told so instead. */
  private static void turnAway(ContainerRequestContext request) {
    if (!request.getMethod().equals("GET") || !isNavigation(request)) {
      throw ProblemException.of(ProblemCode.UNAUTHORIZED, "Log in at the console first.");
    }
    URI asked = request.getUriInfo().getRequestUri();
    String next =
        asked.getRawPath() + (asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery());
    String target = LOGIN + "?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    request.abortWith(Response.seeOther(URI.create(target)).build());
  }

  private static boolean isNavigation(ContainerRequestContext request) {
    String mode = request.getHeaderString("Sec-Fetch-Mode");
    return mode == null || mode.equals("navigate");
  }

  private static void checkChange(
      ContainerRequestContext request, Visitor visitor, boolean isLogin) {
    // All other forms are those of visitors that are known.
    int most = isLogin ? BoundedBody.LOGIN_FORM_BYTES : MAX_FORM;
    if (request.getLength() > most) {
      throw ProblemException.of(ProblemCode.PAYLOAD_TOO_LARGE);
    }
    if (request.getProperty(RequestBodies.REFUSAL) instanceof Throwable refusal) {
      throw new ProcessingException(refusal);
    }
    if (!isFromOwnPage(request) || !carriesToken(request, visitor, most)) {
      throw ProblemException.of(
          403,
          "form_refused",
          "The form did not come from this page, or is too old. Load it again.");
    }
    boolean logsOut = request.getUriInfo().getPath().equals("console/logout");
    if (!isLogin && !logsOut && !visitor.operator()) {
      throw ProblemException.of(
          ProblemCode.FORBIDDEN, "A viewer may look at everything and change nothing.");
    }
  }

  private static boolean isFromOwnPage(ContainerRequestContext request) {
    String site = request.getHeaderString("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeaderString("Origin");
    String host = request.getHeaderString("Host");
    if (origin == null || host == null) {
      return false;
    }
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean carriesToken(
      ContainerRequestContext request, Visitor visitor, int maxBytes) {
    if (!(request instanceof ContainerRequest jersey)
        || request.getMediaType() == null
        || !request.getMediaType().getSubtype().equals("x-www-form-urlencoded")) {
      return false;
    }
    jersey.setEntityStream(new BoundedBody(jersey.getEntityStream(), maxBytes, FORM_TIMEOUT));
    // Read once for the check and again by the page.
    jersey.bufferEntity();
    String sent = jersey.readEntity(Form.class).asMap().getFirst(TOKEN_FIELD);
    return sent != null
        && !visitor.formToken().isEmpty()
        && Secrets.same(visitor.formToken(), sent);
  }

  /** Of a visitor without a session: derived from a cookie that another site cannot read. */
  private static String formToken(ContainerRequestContext request) {
    String secret = Cookies.read(request, Cookies.FORMS);
    if (secret == null) {
      secret = Secrets.newToken();
      request.setProperty(Cookies.FORMS, secret);
    }
    return Secrets.hash("form", secret);
  }
}
