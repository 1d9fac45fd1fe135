package dev.acuse.api;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The API's description, for programs. It holds no secret, but is behind the token like the rest: a
 * rule without exceptions is one that nobody gets wrong.
 */
@Path("/api/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {
  private static final String SOURCE = "/openapi.yaml";

  /** Read when it is first asked for: a start need not wait for it. */
  private static final class Document {
    static final byte[] JSON = read();

    private static byte[] read() {
      try (InputStream yaml = OpenApiResource.class.getResourceAsStream(SOURCE)) {
        if (yaml == null) {
          throw new IllegalStateException("the program lacks " + SOURCE);
        }
        Object tree = Objects.requireNonNull(new YAMLMapper().readTree(yaml));
        return new JsonMapper().writeValueAsBytes(tree);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The OpenAPI 3.1 document. */
  @GET
  public byte[] get() {
    return Document.JSON.clone();
  }
}
