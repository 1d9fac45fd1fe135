package dev.acuse;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.acuse.text.Secret;
import dev.acuse.text.Text;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says what must stand where a configuration has something else. */
final class WrongValue {
  private static final int LONGEST = 500;

  private WrongValue() {}

  /** One line that begins with the key. */
  static String line(JsonMappingException failure, RawConfiguration raw) {
    String key = key(failure.getPath());
    String text =
        failure instanceof UnrecognizedPropertyException unknown
            ? "%s is no key%s".formatted(key, suggestion(unknown))
            : raw.named(key) + " " + need(failure);
    return Text.line(text, LONGEST);
  }

  private static String key(List<JsonMappingException.Reference> path) {
    var key = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      if (step.getFieldName() == null) {
        key.append('[').append(step.getIndex()).append(']');
      } else {
        key.append(key.length() == 0 ? "" : ".").append(step.getFieldName());
      }
    }
    return key.length() == 0 ? "the whole file" : key.toString();
  }

  private static String suggestion(UnrecognizedPropertyException failure) {
    Collection<Object> known = failure.getKnownPropertyIds();
    if (known == null || known.isEmpty()) {
      return ": leave it out";
    }
    var names = new TreeSet<String>();
    known.forEach(name -> names.add(String.valueOf(name)));
    String near = nearest(failure.getPropertyName(), names);
    return near == null
        ? "; there are " + String.join(", ", names)
        : "; did you mean " + near + "?";
  }

  private static @Nullable String nearest(String wrong, Collection<String> names) {
    String nearest = null;
    int best = 1 + wrong.length() / 3;
    for (String name : names) {
      int distance = distance(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance <= best) {
        best = distance;
        nearest = name;
      }
    }
    return nearest;
  }

  /** How many letters must be changed, left out or put in (Levenshtein). */
  private static int distance(String one, String other) {
    int[] before = new int[other.length() + 1];
    Arrays.setAll(before, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(before[j], row[j - 1]));
      }
      before = row;
    }
    return before[other.length()];
  }

  private static String need(JsonMappingException failure) {
    if (failure instanceof ValueInstantiationException made) {
      String form = form(made.getType().getRawClass());
      Throwable cause = failure.getCause();
      return form != null || cause == null || cause.getMessage() == null
          ? "must be " + (form == null ? "another value" : form)
          : "cannot be taken: " + cause.getMessage();
    }
    if (failure instanceof InvalidTypeIdException unknown) {
      return unknown.getTypeId() == null
          ? "needs its type, and keys of its own"
          : "has a type that there is none of";
    }
    Class<?> type =
        failure instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
    if (type == null) {
      return "cannot be taken: " + failure.getOriginalMessage();
    }
    String form = form(type);
    return "must be " + (form == null ? "a section with keys of its own" : form);
  }

  private static @Nullable String form(Class<?> type) {
    if (Duration.class.isAssignableFrom(type)) {
      return "a duration such as 60s or 5m";
    }
    if (DataSize.class.isAssignableFrom(type)) {
      return "a size such as 64KiB or 1GiB";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number";
    }
    if (type.isEnum()) {
      return "one of " + words(type);
    }
    if (CharSequence.class.isAssignableFrom(type) || type == Secret.class) {
      return "a text";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return Map.class.isAssignableFrom(type) ? "names with a value each" : null;
  }

  private static String words(Class<?> type) {
    return String.join(
        ", ",
        Arrays.stream(type.getEnumConstants())
            .map(word -> String.valueOf(word).toLowerCase(Locale.ROOT))
            .toList());
  }
}
