package dev.acuse.console;

import dev.acuse.console.session.ConsoleUsers;
import dev.acuse.console.session.ConsoleUsers.User;
import dev.acuse.console.session.Cookies;
import dev.acuse.console.session.HashingLane;
import dev.acuse.console.session.KnownDevice;
import dev.acuse.console.session.LoginBackoff;
import dev.acuse.console.session.LoginSender;
import dev.acuse.console.session.Sessions;
import dev.acuse.console.session.Visitor;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.text.Text;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs in and out. */
@Path("/console")
public final class LoginResource {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoginResource.class);
  private static final int MAX_FIELD = 256;

  /** A form has it with each sign of its own written as three, beside name and password. */
  private static final int MAX_PAGE = 900;

  private static final Duration YEAR = Duration.ofDays(365);
  private static final String HOME = "/console/events";

  /** A page of our own; anything else might lead the visitor to a page that looks like ours. */
  private static final Pattern OWN_PAGE =
      Pattern.compile("/console/(?:[A-Za-z0-9/?&=._~+*:@!,;-]|%[0-9A-Fa-f]{2})*+");

  /** How a login went. */
  private record Verdict(boolean busy, @Nullable User user) {}

  private final PageRenderer pages;
  private final ConsoleUsers users;
  private final Sessions sessions;
  private final LoginBackoff backoff;

  /** Nothing that strangers do keeps a browser waiting that is known. */
  private final HashingLane strangers = new HashingLane();

  private final HashingLane known = new HashingLane();

  LoginResource(PageRenderer pages, ConsoleUsers users, Sessions sessions, LoginBackoff backoff) {
    this.pages = pages;
    this.users = users;
    this.sessions = sessions;
    this.backoff = backoff;
  }

  /** The first page there is. */
  @GET
  public Response home() {
    return Response.seeOther(URI.create(HOME)).build();
  }

  /** The form. */
  @GET
  @Path("/login")
  public Response form(
      @Context ContainerRequestContext request, @QueryParam("next") @Nullable String next) {
    if (users.isEmpty() || Visitor.of(request).knownByCookie()) {
      return Response.seeOther(URI.create(HOME)).build();
    }
    return pages.ok(request, "login", Map.of("next", ownPage(next)));
  }

  /** Logs in. Whoever fails too often has to wait; nobody learns whether a name exists. */
  @POST
  @Path("/login")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response logIn(
      @Context ContainerRequestContext request,
      @FormParam("user") @Nullable String name,
      @FormParam("password") @Nullable String password,
      @FormParam("next") @Nullable String next) {
    String user = cut(name);
    String address = ConsoleGate.address(request);
    String device =
        KnownDevice.of(users.find(user).orElse(null), Cookies.read(request, Cookies.DEVICE));
    LoginSender sender = LoginSender.of(user, address, device);
    Duration wait = backoff.wait(sender);
    if (!wait.isZero()) {
      return refused(request, 429, "login.wait", wait, next);
    }
    Verdict verdict = check(sender, Objects.requireNonNullElse(password, ""));
    if (verdict.busy()) {
      return refused(request, 429, "login.busy", Duration.ofSeconds(1), next);
    }
    User its = verdict.user();
    if (its == null) {
      backoff.failed(sender);
      LOGGER.warn("a login at the console failed, from {}", address);
      return refused(request, 401, "login.failed", Duration.ZERO, next);
    }
    backoff.succeeded(sender);
    LOGGER.info("{} ({}) logged in at the console", its.name(), its.role().code());
    return Response.seeOther(URI.create(ownPage(next)))
        .cookie(Cookies.forNow(request, Cookies.SESSION, sessions.begin(its)))
        .cookie(Cookies.lasting(request, Cookies.DEVICE, KnownDevice.grant(its), YEAR))
        .cookie(Cookies.gone(request, Cookies.FORMS))
        .build();
  }

  private Verdict check(LoginSender sender, String password) {
    return (sender.device() == null ? strangers : known)
        .run(
            sender.source(),
            sender.wider(),
            () -> new Verdict(false, users.authenticate(sender.user(), password).orElse(null)),
            new Verdict(true, null));
  }

  private Response refused(
      ContainerRequestContext request,
      int status,
      String message,
      Duration wait,
      @Nullable String next) {
    Map<String, Object> model = new HashMap<>(Map.of("next", ownPage(next), "refusal", message));
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    model.put("seconds", seconds);
    Response.ResponseBuilder answer =
        Response.status(status)
            .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
            .entity(pages.render(request, "login", model));
    return (seconds == 0 ? answer : answer.header(HttpHeaders.RETRY_AFTER, seconds)).build();
  }

  /** Logs out. */
  @POST
  @Path("/logout")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response logOut(@Context ContainerRequestContext request) {
    String token = Cookies.read(request, Cookies.SESSION);
    if (token == null) {
      throw ProblemException.of(ProblemCode.UNAUTHORIZED);
    }
    sessions.end(token);
    return Response.seeOther(URI.create(ConsoleGate.LOGIN))
        .cookie(Cookies.gone(request, Cookies.SESSION))
        .build();
  }

  /** Keeps a language or a theme for a year; changes nothing but the look of pages. */
  @GET
  @Path("/preferences")
  public Response prefer(
      @Context ContainerRequestContext request,
      @QueryParam("lang") @Nullable String language,
      @QueryParam("theme") @Nullable String theme,
      @QueryParam("back") @Nullable String back) {
    Response.ResponseBuilder answer = Response.seeOther(URI.create(ownPage(back)));
    if (language != null && Messages.LANGUAGES.containsKey(language)) {
      answer.cookie(Cookies.lasting(request, Cookies.LANGUAGE, language, YEAR));
    }
    if (theme != null && Pattern.matches("auto|light|dark", theme)) {
      answer.cookie(Cookies.lasting(request, Cookies.THEME, theme, YEAR));
    }
    return answer.build();
  }

  private static String cut(@Nullable String text) {
    return Text.cut(Objects.requireNonNullElse(text, ""), MAX_FIELD);
  }

  static String ownPage(@Nullable String page) {
    return page != null && page.length() <= MAX_PAGE && OWN_PAGE.matcher(page).matches()
        ? page
        : HOME;
  }
}
