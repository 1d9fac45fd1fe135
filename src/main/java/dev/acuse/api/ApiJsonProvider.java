package dev.acuse.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.http.JsonProblem;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import io.dropwizard.jersey.jackson.JacksonMessageBodyProvider;
import jakarta.annotation.Priority;
import jakarta.ws.rs.InternalServerErrorException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/**
 * Reads and writes JSON for Jersey, and tells a bad request from a bad answer, which Jackson's
 * exceptions alone do not. An empty body and the body {@code null} are refused here, so that no
 * resource meets a null it did not expect.
 */
@Priority(1)
final class ApiJsonProvider extends JacksonMessageBodyProvider {

  ApiJsonProvider(ObjectMapper mapper) {
    super(mapper);
  }

  @Override
  public Object readFrom(
      Class<Object> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    Object value;
    try {
      value = super.readFrom(type, genericType, annotations, mediaType, headers, body);
    } catch (JsonProcessingException e) {
      throw JsonProblem.of(e);
    }
    if (value == null) {
      throw ProblemException.of(
          ProblemCode.INVALID_BODY, "The body must not be empty and must not be null.");
    }
    return value;
  }

  @Override
  public void writeTo(
      Object value,
      Class<?> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream body)
      throws IOException {
    try {
      super.writeTo(value, type, genericType, annotations, mediaType, headers, body);
    } catch (JsonProcessingException e) {
      throw new InternalServerErrorException(e);
    }
  }
}
