package dev.acuse.admin;

import dev.acuse.access.InvalidAccessException;
import dev.acuse.admin.OperatorTask.Parameters;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/** The parameters of the tasks about people and keys. */
final class AccessParameters {
  private AccessParameters() {}

  /** What is to be done: one of an enum, in small letters. */
  static <T extends Enum<T>> T deed(Parameters parameters, T[] deeds) {
    Parameter parameter = parameters.get("do");
    T deed = parameter.oneOf(deeds, one -> one.name().toLowerCase(Locale.ROOT));
    if (deed == null) {
      throw parameter.invalid("is missing");
    }
    return deed;
  }

  /** The name, of whatever form; empty if there is none. */
  static String name(Parameters parameters) {
    return Objects.requireNonNullElse(parameters.get("name").value(), "");
  }

  /** The names of accounts, with commas between them; empty if there are none. */
  static List<String> accounts(Parameters parameters) {
    String value = parameters.get("accounts").value();
    return value == null
        ? List.of()
        : Arrays.stream(value.split(",", -1)).map(String::strip).toList();
  }

  /** Does it, or answers 400 naming the parameter that is wrong. */
  static <T> T naming(Supplier<T> work) {
    try {
      return work.get();
    } catch (InvalidAccessException e) {
      String field = e.field().equals("expires_at") ? "expires" : e.field();
      throw ProblemException.invalidParameter(field, e.expectation()).causedBy(e);
    }
  }
}
