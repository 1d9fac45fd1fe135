package dev.acuse;

import dev.acuse.console.session.Visitor;
import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import io.dropwizard.core.setup.Environment;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The service with two accounts, where a request says in a header whose accounts it sees. */
public final class ScopedApplication extends AcuseApplication {
  static final String HEADER = "X-Test-Accounts";

  @Override
  public void run(AcuseConfiguration config, Environment environment) {
    super.run(config, environment);
    environment.jersey().register(new Narrowing());
  }

  /** Gives the caller that was let in the scope of the header; everything without one. */
  @Priority(Priorities.USER + 1)
  private static final class Narrowing implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
      String header = request.getHeaderString(HEADER);
      if (header == null) {
        return;
      }
      Scope scope =
          Scope.of(Arrays.stream(header.split(",")).map(Long::valueOf).collect(Collectors.toSet()));
      Visitor visitor = Visitor.of(request);
      new Visitor(
              visitor.name(), visitor.role(), scope, visitor.formToken(), visitor.knownByCookie())
          .remember(request);
      SecurityContext before = request.getSecurityContext();
      if (before.getUserPrincipal() instanceof ApiCaller caller) {
        request.setSecurityContext(
            new Narrowed(before, new ApiCaller(caller.name(), caller.role(), scope)));
      }
    }
  }

  private record Narrowed(SecurityContext before, ApiCaller caller) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
      return caller;
    }

    @Override
    public boolean isUserInRole(String role) {
      return before.isUserInRole(role);
    }

    @Override
    public boolean isSecure() {
      return before.isSecure();
    }

    @Override
    public @Nullable String getAuthenticationScheme() {
      return before.getAuthenticationScheme();
    }
  }
}
