package dev.acuse.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a body that is not the JSON it should be, without repeating any of it. */
final class InvalidJsonMapper implements ExceptionMapper<JsonProcessingException> {
  private static final Logger LOGGER = LoggerFactory.getLogger(InvalidJsonMapper.class);

  @Override
  public Response toResponse(JsonProcessingException failure) {
    if (failure instanceof InvalidDefinitionException) {
      // Our own fault: a representation that Jackson cannot write or read.
      LOGGER.error("request failed", failure);
      return Problem.of(500, "internal_error", null).response().build();
    }
    return Problem.of(400, "malformed_json", detail(failure)).response().build();
  }

  private static String detail(JsonProcessingException failure) {
    if (failure instanceof UnrecognizedPropertyException) {
      return "The body has a field that is not known here.";
    }
    if (failure instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      String field =
          mapping.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .filter(name -> name != null && name.matches("[a-z_]{1,64}"))
              .collect(Collectors.joining("."));
      if (!field.isEmpty()) {
        return "The field " + field + " is not of the right type.";
      }
    }
    return "The body is not valid JSON.";
  }
}
