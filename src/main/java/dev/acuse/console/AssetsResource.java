package dev.acuse.console;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The script, the style sheet and the icon of the console; there is nothing secret about them. */
@Path("/console/assets")
public final class AssetsResource {
  private static final Map<String, String> TYPES =
      Map.of(
          "console.css", "text/css; charset=utf-8",
          "console.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");

  /** One of them. */
  @GET
  @Path("/{name}")
  public Response get(@PathParam("name") String name) {
    String type = TYPES.get(name);
    if (type == null) {
      throw ProblemException.of(ProblemCode.NOT_FOUND);
    }
    return Response.ok(read(name))
        .header(HttpHeaders.CONTENT_TYPE, type)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .build();
  }

  private static byte[] read(String name) {
    try (InputStream file = AssetsResource.class.getResourceAsStream("/console/assets/" + name)) {
      if (file == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
