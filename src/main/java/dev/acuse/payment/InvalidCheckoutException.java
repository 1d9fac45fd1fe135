package dev.acuse.payment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A checkout that cannot be registered as it was asked for: the asker's own mistake. */
public final class InvalidCheckoutException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, String> problems;

  InvalidCheckoutException(Map<String, String> problems) {
    super(
        problems.entrySet().stream()
            .map(problem -> problem.getKey() + " " + problem.getValue())
            .collect(Collectors.joining("; ")));
    this.problems = new LinkedHashMap<>(problems);
  }

  /** What is wrong with which field, by its name in the API; never what it held. */
  public Map<String, String> problems() {
    return Collections.unmodifiableMap(problems);
  }
}
