package dev.acuse.api;

import dev.acuse.access.AccessRole;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.annotation.Annotation;
import java.util.Set;

/**
 * Holds a caller to its rights: to look needs the role {@code read}, anything else {@code write},
 * and what is {@link AdminOnly} the role {@code admin}; what is of the {@link WholeInstallation}
 * needs a key of all accounts. A dry run needs what its real run needs.
 */
@Priority(ApiRights.AFTER_THE_CALLER_IS_KNOWN)
final class ApiRights implements ContainerRequestFilter {
  /** {@link BearerTokenFilter} has the priority of any filter. */
  static final int AFTER_THE_CALLER_IS_KNOWN = Priorities.USER + 100;

  private static final Set<String> LOOKS = Set.of("GET", "HEAD", "OPTIONS");

  private final boolean adminOnly;
  private final boolean wholeInstallation;

  private ApiRights(boolean adminOnly, boolean wholeInstallation) {
    this.adminOnly = adminOnly;
    this.wholeInstallation = wholeInstallation;
  }

  /** What a resource's method needs. */
  static ApiRights of(ResourceInfo resource) {
    return new ApiRights(has(resource, AdminOnly.class), has(resource, WholeInstallation.class));
  }

  private static boolean has(ResourceInfo resource, Class<? extends Annotation> mark) {
    return resource.getResourceClass().isAnnotationPresent(mark)
        || resource.getResourceMethod().isAnnotationPresent(mark);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (!(request.getSecurityContext().getUserPrincipal() instanceof ApiCaller caller)) {
      throw ProblemException.of(ProblemCode.UNAUTHORIZED);
    }
    AccessRole needed = needed(request.getMethod());
    if (!caller.role().includes(needed)) {
      throw ProblemException.of(
          ProblemCode.FORBIDDEN,
          "This needs a key of the role %s; the role of this one is %s."
              .formatted(needed.keyCode(), caller.role().keyCode()));
    }
    if (wholeInstallation && !caller.scope().isEverything()) {
      throw ProblemException.of(
          ProblemCode.FORBIDDEN,
          "This is about the whole installation, and needs a key of all accounts.");
    }
  }

  private AccessRole needed(String method) {
    if (adminOnly) {
      return AccessRole.ADMIN;
    }
    return LOOKS.contains(method) ? AccessRole.VIEWER : AccessRole.OPERATOR;
  }
}
