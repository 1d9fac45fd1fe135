package dev.acuse.console.session;

import dev.acuse.access.AccessRole;
import dev.acuse.event.Scope;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Set;

/**
 * Whoever asks for a page.
 *
 * @param name of the user; {@code loopback} where no users are configured; empty before the login
 * @param role what the visitor may do
 * @param scope whose accounts the visitor sees
 * @param formToken what every form must carry
 * @param knownByCookie whether there is a session to be ended
 */
public record Visitor(
    String name, AccessRole role, Scope scope, String formToken, boolean knownByCookie) {
  private static final String PROPERTY = "dev.acuse.console.visitor";

  /** Whoever has not logged in yet. */
  public static Visitor stranger(String formToken) {
    return new Visitor("", AccessRole.VIEWER, Scope.of(Set.of()), formToken, false);
  }

  /** The visitor that {@code ConsoleGate} let in. */
  public static Visitor of(ContainerRequestContext request) {
    return request.getProperty(PROPERTY) instanceof Visitor visitor ? visitor : stranger("");
  }

  /** Keeps the visitor for the rest of the request. */
  public void remember(ContainerRequestContext request) {
    request.setProperty(PROPERTY, this);
  }

  /** Whether the visitor may change anything. */
  public boolean operator() {
    return role.includes(AccessRole.OPERATOR);
  }
}
