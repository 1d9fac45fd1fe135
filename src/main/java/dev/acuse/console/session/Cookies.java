package dev.acuse.console.session;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cookies of the console. None is readable by scripts or sent from another site's forms. */
public final class Cookies {
  public static final String SESSION = "acuse_session";

  /** Ties the forms of a visitor without a session to the browser that asked for them. */
  public static final String FORMS = "acuse_forms";

  /** Tells a browser that has logged in before; see {@link KnownDevice}. */
  public static final String DEVICE = "acuse_device";

  public static final String LANGUAGE = "acuse_lang";
  public static final String THEME = "acuse_theme";

  private static final String PATH = "/console";

  private Cookies() {}

  /** A cookie's value; null if the request has none of that name. */
  public static @Nullable String read(ContainerRequestContext request, String name) {
    Cookie cookie = request.getCookies().get(name);
    return cookie == null || cookie.getValue().isBlank() ? null : cookie.getValue();
  }

  /** A cookie for as long as the browser is open. */
  public static NewCookie forNow(ContainerRequestContext request, String name, String value) {
    return builder(request, name).value(value).build();
  }

  /** A cookie that the browser keeps. */
  public static NewCookie lasting(
      ContainerRequestContext request, String name, String value, Duration age) {
    return builder(request, name).value(value).maxAge(Math.toIntExact(age.toSeconds())).build();
  }

  /** Has the browser forget a cookie. */
  public static NewCookie gone(ContainerRequestContext request, String name) {
    return builder(request, name).value("").maxAge(0).build();
  }

  private static NewCookie.Builder builder(ContainerRequestContext request, String name) {
    return new NewCookie.Builder(name)
        .path(PATH)
        .httpOnly(true)
        .secure(isSecure(request))
        .sameSite(NewCookie.SameSite.LAX);
  }

  /** A proxy's word is enough: a forged one makes the cookie only more careful. */
  private static boolean isSecure(ContainerRequestContext request) {
    return request.getSecurityContext().isSecure()
        || "https".equalsIgnoreCase(request.getHeaderString("X-Forwarded-Proto"));
  }
}
