package dev.acuse.http;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.dropwizard.jersey.validation.JerseyViolationException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.glassfish.jersey.model.Parameter.Source;
import org.glassfish.jersey.server.model.Invocable;
import org.glassfish.jersey.server.model.Parameter;
import org.jspecify.annotations.Nullable;

/** Says which constraints a request breaks, by the names that the API's documentation has. */
final class ViolationProblem {
  private ViolationProblem() {}

  static ProblemException of(JerseyViolationException failure) {
    Invocable invocable = failure.getInvocable();
    List<Place> places =
        failure.getConstraintViolations().stream()
            .map(violation -> Place.of(violation, invocable))
            .toList();
    if (places.stream().anyMatch(Place::isOurAnswer)) {
      return ProblemException.of(ProblemCode.INTERNAL_ERROR).causedBy(failure);
    }
    String detail =
        places.stream().map(Place::sentence).sorted().distinct().collect(Collectors.joining(" "));
    boolean body = places.stream().allMatch(Place::isBody);
    return ProblemException.of(
        body ? ProblemCode.INVALID_BODY : ProblemCode.INVALID_PARAMETER, detail);
  }

  /**
   * Where a constraint is broken.
   *
   * @param parameter the resource method's parameter; null for a property of a bean of parameters
   * @param path the property within the body, or the parameter's name; empty for the whole body
   * @param isOurAnswer the constraint is on what the resource answers: nothing the client did
   */
  private record Place(
      @Nullable Parameter parameter, String path, String message, boolean isOurAnswer) {

    static Place of(ConstraintViolation<?> violation, Invocable invocable) {
      Parameter parameter = null;
      boolean ourAnswer = false;
      var path = new StringBuilder();
      for (Path.Node node : violation.getPropertyPath()) {
        if (node.getKind() == ElementKind.PARAMETER) {
          int index = node.as(Path.ParameterNode.class).getParameterIndex();
          parameter = invocable.getParameters().get(index);
          if (isNamed(parameter)) {
            append(path, parameter.getSourceName(), null);
          }
        } else if (node.getKind() == ElementKind.RETURN_VALUE) {
          ourAnswer = true;
        } else if (node.getKind() == ElementKind.PROPERTY) {
          append(path, SnakeCaseStrategy.INSTANCE.translate(node.getName()), node.getIndex());
        }
      }
      return new Place(parameter, path.toString(), violation.getMessage(), ourAnswer);
    }

    private static void append(StringBuilder path, String name, @Nullable Integer index) {
      if (index != null) {
        path.append('[').append(index.intValue()).append(']');
      }
      path.append(path.isEmpty() ? "" : ".").append(name);
    }

    private static boolean isNamed(Parameter parameter) {
      return parameter.getSourceName() != null && !parameter.getSourceName().isEmpty();
    }

    boolean isBody() {
      // Jersey does not know where a parameter with an annotation of no meaning to it comes from.
      return parameter != null
          && (parameter.getSource() == Source.ENTITY || parameter.getSource() == Source.UNKNOWN);
    }

    String sentence() {
      String subject;
      if (path.isEmpty()) {
        subject = "The body";
      } else {
        subject = (isBody() ? "The field '" : "The parameter '") + path + "'";
      }
      return subject + " " + message + ".";
    }
  }
}
