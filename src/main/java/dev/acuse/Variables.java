package dev.acuse;

import dev.acuse.doctor.Finding;
import dev.acuse.doctor.StrayVariables;
import dev.acuse.doctor.StrayVariables.Stray;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The environment, as the configuration's file asks for it. Which variables the file refers to is
 * known once it was read. Thread-safe.
 */
final class Variables {
  private final Map<String, String> environment;
  private final Set<String> asked = new ConcurrentSkipListSet<>();

  /**
   * @param environment names and values
   */
  Variables(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** The value of a variable that the file refers to; null if it is not set. */
  @Nullable String get(String name) {
    asked.add(name);
    return environment.get(name);
  }

  /** Those that are set, look like ours, and are not asked for: most are misspelled. */
  List<Stray> strays() {
    return StrayVariables.among(environment.keySet(), asked);
  }

  /** The same as a doctor says it. */
  List<Finding> look() {
    List<Finding> found =
        strays().stream().map(one -> Finding.advice("variables", one.sentence())).toList();
    return found.isEmpty()
        ? List.of(Finding.ok("variables", "every variable that looks like one of ours is read"))
        : found;
  }
}
