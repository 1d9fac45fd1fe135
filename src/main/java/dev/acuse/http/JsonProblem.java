package dev.acuse.http;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.acuse.text.ExternalId;
import java.time.temporal.Temporal;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a JSON body, in the body's own terms: Jackson's messages quote the input
 * and name our classes.
 */
public final class JsonProblem {
  /** A field's name that is safe to repeat; anything else is the sender's invention. */
  private JsonProblem() {}

  /** What is wrong with the JSON, without a word of what it holds. */
  public static ProblemException of(JsonProcessingException failure) {
    if (isOurs(failure)) {
      return ProblemException.of(ProblemCode.INTERNAL_ERROR).causedBy(failure);
    }
    if (isMalformed(failure)) {
      return ProblemException.of(ProblemCode.MALFORMED_JSON);
    }
    return ProblemException.of(ProblemCode.INVALID_BODY, sentence((JsonMappingException) failure));
  }

  /** Whether our own classes or our own answer are at fault, not the sender. */
  private static boolean isOurs(JsonProcessingException failure) {
    return failure instanceof JsonGenerationException
        || failure instanceof InvalidDefinitionException
        || failure.getProcessor() instanceof JsonGenerator;
  }

  private static boolean isMalformed(JsonProcessingException failure) {
    if (!(failure instanceof JsonMappingException)) {
      return true;
    }
    // Broken syntax inside a field comes wrapped with the path to it.
    if (failure.getCause() instanceof JsonProcessingException inner
        && !(inner instanceof InputCoercionException)) {
      return isMalformed(inner);
    }
    return failure.getOriginalMessage() != null
        && failure
            .getOriginalMessage()
            .contains(DeserializationFeature.FAIL_ON_TRAILING_TOKENS.name());
  }

  private static String sentence(JsonMappingException failure) {
    String path = path(failure);
    String subject = path.isEmpty() ? "The body" : "The field '" + path + "'";
    if (failure instanceof UnrecognizedPropertyException) {
      return subject + " is not known here.";
    }
    if (failure instanceof MismatchedInputException mismatch) {
      return subject + " must be " + expectation(mismatch.getTargetType()) + ".";
    }
    return subject + " is not valid.";
  }

  private static String path(JsonMappingException failure) {
    var path = new StringBuilder();
    for (JsonMappingException.Reference step : failure.getPath()) {
      String name = step.getFieldName();
      if (name == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".");
        path.append(ExternalId.matches(name) ? name : "?");
      }
    }
    return path.toString();
  }

  private static String expectation(@Nullable Class<?> type) {
    if (type == null) {
      return "of another form";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (Number.class.isAssignableFrom(type) || (type.isPrimitive() && type != boolean.class)) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a string";
    }
    if (Temporal.class.isAssignableFrom(type)) {
      return "a time as in RFC 3339, such as 2026-03-02T14:05:09Z";
    }
    if (type.isEnum()) {
      return "one of the words that the documentation lists";
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "an object";
  }
}
