package dev.acuse.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import java.nio.ByteBuffer;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers with a {@link Problem} what never reaches a resource: requests that Jetty cannot parse or
 * will not route, methods nobody knows, failures of filters and admin servlets. Jetty's own page is
 * HTML with the request's URI and the failure's message in it.
 */
final class JettyErrors extends ErrorHandler {
  /**
   * What the service as a whole takes. RFC 9110, 15.5.6 wants an Allow field with each 405; where
   * Jersey or a servlet answers, it knows better and this is not used.
   */
  private static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  /** What is answered to a request that could not be read to its end. */
  private static final Set<Integer> UNREADABLE =
      Set.of(
          HttpStatus.BAD_REQUEST_400,
          HttpStatus.URI_TOO_LONG_414,
          HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431,
          HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505);

  private final ObjectMapper mapper;

  private JettyErrors(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Replaces the error pages of the server and of both of its contexts. */
  static void install(Environment environment) {
    var errors = new JettyErrors(environment.getObjectMapper());
    environment.getApplicationContext().setErrorHandler(errors);
    environment.getAdminContext().setErrorHandler(errors);
    // So that no request meets the old page.
    ServerStart.before(environment, server -> server.setErrorHandler(errors));
  }

  /** TRACE and unknown methods get a body as well. */
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  // The message and the cause may quote the request; neither leaves the house.
  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    String requestId = RequestIdFilter.idOf(request.getAttribute(RequestIdFilter.ATTRIBUTE));
    response.getHeaders().put(RequestIdFilter.HEADER, requestId);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    if (status == HttpStatus.METHOD_NOT_ALLOWED_405
        && !response.getHeaders().contains(HttpHeader.ALLOW)) {
      response.getHeaders().put(HttpHeader.ALLOW, ALLOW);
    }
    if (UNREADABLE.contains(status)) {
      // Jetty closes the connection after these, and does not say so: a client that keeps
      // connections would send its next request into the void.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    response.write(true, ByteBuffer.wrap(body(status, requestId)), callback);
  }

  private byte[] body(int status, String requestId) {
    ProblemCode problem = ProblemCode.ofStatus(status);
    try {
      return mapper.writeValueAsBytes(
          Problem.of(status, problem.code(), problem.detail(), requestId));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
