package dev.acuse.doctor;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables that look like ours, and that nothing reads: most are misspelled. Only
 * their names are looked at, because a value may be a secret.
 */
public final class StrayVariables {
  /** What begins so can hardly be another program's. */
  private static final List<String> PREFIXES = List.of("ACUSE_", "MP_", "GHL_");

  /**
   * Read by something else than the configuration's file: by what starts the service, by what makes
   * keys, and by the tests.
   */
  private static final Set<String> READ_ELSEWHERE =
      Set.of(
          "ACUSE_ARCHIVE_DIR",
          "ACUSE_CONFIG",
          "ACUSE_JAVA_OPTS",
          "ACUSE_KEY",
          "ACUSE_TRAINING_FOLDER",
          "MP_WEBHOOK_SECRET",
          "TEST_DATABASE_URL");

  /** How far a name with one of our prefixes may be from the one that was meant, as a share. */
  private static final int OF_LENGTH = 3;

  /** Of a last word this short, as of PORT, two other letters are another word. */
  private static final int SHORT_WORD = 5;

  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private StrayVariables() {}

  /**
   * A variable that is set, and that nothing reads.
   *
   * @param name as it is set
   * @param meant the known name that is nearest to it; null if none is near
   */
  public record Stray(String name, @Nullable String meant) {
    /** Says so in one sentence. */
    public String sentence() {
      return name
          + " is set, and nothing reads it"
          + (meant == null
              ? ": the configuration's file names no such variable"
              : ": " + meant + " is meant?");
    }
  }

  /**
   * Those of an environment.
   *
   * @param set the names that are set
   * @param read the names that the configuration's file refers to
   * @return in the order of their names
   */
  public static List<Stray> among(Collection<String> set, Collection<String> read) {
    Set<String> known = new TreeSet<>(READ_ELSEWHERE);
    known.addAll(read);
    return set.stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .map(name -> judge(name, known))
        .filter(stray -> stray != null)
        .toList();
  }

  private static @Nullable Stray judge(String name, Set<String> known) {
    String upper = name.toUpperCase(Locale.ROOT);
    String nearest =
        known.stream()
            .min(Comparator.comparing((String one) -> DISTANCE.apply(upper, one)))
            .orElse(null);
    if (nearest != null && isNearMiss(name, upper, nearest)) {
      return new Stray(name, nearest);
    }
    if (PREFIXES.stream().noneMatch(upper::startsWith)) {
      return null;
    }
    boolean isNear =
        nearest != null && DISTANCE.apply(upper, nearest) * OF_LENGTH <= nearest.length();
    return new Stray(name, isNear ? nearest : null);
  }

  /** Other programs have variables of a database, of a log and of a port as well. */
  private static boolean isNearMiss(String name, String upper, String known) {
    if (upper.equals(known)) {
      // A short lower-case name, as "port", is another program's.
      return known.contains("_") && !name.equals(known);
    }
    int distance = DISTANCE.apply(upper, known);
    int shortest = known.length() - known.lastIndexOf('_') - 1;
    return distance <= 1 || (distance == 2 && (shortest > SHORT_WORD || isAnagram(upper, known)));
  }

  private static boolean isAnagram(String one, String other) {
    return one.chars().sorted().boxed().toList().equals(other.chars().sorted().boxed().toList());
  }
}
