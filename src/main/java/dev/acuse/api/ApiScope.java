package dev.acuse.api;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.AnnotatedElement;
import org.jspecify.annotations.Nullable;

/** Says what belongs to the API: everything under {@code /api}. */
final class ApiScope {
  private static final String ROOT = "api";

  private ApiScope() {}

  /**
   * Whether a resource method belongs to the API. Goes by the code's paths, never by the request's,
   * which has many spellings ({@code /api;x=1/…}). What cannot be told belongs to it, so that
   * nothing is left open by an oversight: a class without a path is somebody's sub-resource, and a
   * path that starts with a template may stand for {@code /api}. Only Jersey's own classes, which
   * answer OPTIONS, are left out.
   */
  static boolean covers(ResourceInfo resource) {
    Class<?> type = resource.getResourceClass();
    String path = pathOfClass(type);
    if (path == null) {
      return !type.getName().startsWith("org.glassfish.jersey.");
    }
    String first = firstSegment(path + "/" + orEmpty(pathOf(resource.getResourceMethod())));
    return first.equals(ROOT) || first.startsWith("{");
  }

  /**
   * Whether a request is meant for the API, by its path. Good for how something is answered, never
   * for whether it is.
   */
  static boolean looksCovered(ContainerRequestContext request) {
    return firstSegment(request.getUriInfo().getPath()).equals(ROOT);
  }

  private static String firstSegment(String path) {
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        return segment;
      }
    }
    return "";
  }

  /** The path on the class, or on the class or interface that it has it from. */
  private static @Nullable String pathOfClass(Class<?> resource) {
    for (Class<?> type = resource; type != null; type = type.getSuperclass()) {
      String path = pathOf(type);
      for (Class<?> contract : type.getInterfaces()) {
        path = path == null ? pathOf(contract) : path;
      }
      if (path != null) {
        return path;
      }
    }
    return null;
  }

  private static @Nullable String pathOf(AnnotatedElement element) {
    Path path = element.getAnnotation(Path.class);
    return path == null ? null : path.value();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
