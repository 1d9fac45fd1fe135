package dev.acuse.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what never reaches Jersey: a request line or a header that Jetty refuses. Jetty's own
 * pages are HTML with the address and the reason in them.
 */
final class JettyErrors {
  private JettyErrors() {}

  static void install(Environment environment) {
    var json = environment.getObjectMapper();
    environment.getApplicationContext().setErrorHandler(new ContextErrors(json));
    environment.getAdminContext().setErrorHandler(new ContextErrors(json));
    environment
        .lifecycle()
        .addServerLifecycleListener(server -> server.setErrorHandler(new ServerErrors(json)));
  }

  private static boolean answer(
      ObjectMapper json, Response response, Callback callback, int status) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE.toString());
    response.write(true, ByteBuffer.wrap(bytes(json, problem(status))), callback);
    return true;
  }

  private static Problem problem(int status) {
    return Problem.of(status, status >= 500 ? "internal_error" : "bad_request", null);
  }

  private static byte[] bytes(ObjectMapper json, Problem problem) {
    try {
      return json.writeValueAsBytes(problem);
    } catch (JsonProcessingException e) {
      return "{\"code\":\"internal_error\"}".getBytes(StandardCharsets.UTF_8);
    }
  }

  /** For what the server refuses before it knows a context. */
  private static final class ServerErrors extends ErrorHandler {
    private final ObjectMapper json;

    ServerErrors(ObjectMapper json) {
      this.json = json;
    }

    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        String message,
        Throwable cause,
        Callback callback)
        throws IOException {
      answer(json, response, callback, code);
    }
  }

  /** For what a context's servlets send as an error. */
  private static final class ContextErrors extends ErrorPageErrorHandler {
    private final ObjectMapper json;

    ContextErrors(ObjectMapper json) {
      this.json = json;
    }

    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        String message,
        Throwable cause,
        Callback callback)
        throws IOException {
      answer(json, response, callback, code);
    }
  }
}
