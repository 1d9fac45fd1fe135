package dev.acuse.doctor;

import dev.acuse.condition.Condition;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Conditions;
import dev.acuse.condition.Problem;
import dev.acuse.condition.Reading;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with the service and its inbox, by the list that alerts and console have too. */
public final class ConditionsCheck {
  /** What needs an operator; of the others it is enough to know. */
  private static final Set<Kind> WRONG =
      EnumSet.of(
          Kind.FAILED,
          Kind.MISFIT,
          Kind.LATE,
          Kind.UNACCOUNTED,
          Kind.UNACCOUNTED_ANYWHERE,
          Kind.SPOOL_SET_ASIDE,
          Kind.SPOOL_FULL,
          Kind.TOKEN_REFUSED,
          Kind.OUT_FOR_LONG,
          Kind.OVERDUE,
          Kind.SET_ASIDE,
          Kind.SILENCE);

  private static final Logger LOGGER = LoggerFactory.getLogger(ConditionsCheck.class);

  private final Conditions conditions;

  /** Asks these. */
  public ConditionsCheck(Conditions conditions) {
    this.conditions = conditions;
  }

  /** What there is to say. */
  public List<Finding> look() {
    Reading read = conditions.read();
    List<Finding> found = new ArrayList<>();
    List<Condition> all = conditions.of(EnumSet.allOf(Kind.class));
    for (Condition condition : all) {
      look(condition, read, found);
    }
    return found.isEmpty()
        ? List.of(
            Finding.ok(
                "inbox",
                "nothing is failed, quarantined, late or unaccounted for, nor anything else"))
        : found;
  }

  /** One that cannot be told hides no other. */
  private static void look(Condition condition, Reading read, List<Finding> found) {
    String name = "inbox." + condition.kind().code();
    try {
      Problem problem = condition.look(() -> read);
      if (problem != null) {
        found.add(
            new Finding(
                name,
                WRONG.contains(condition.kind()) ? Level.WRONG : Level.ADVICE,
                sentence(condition, problem)));
      }
    } catch (RuntimeException e) {
      LOGGER.debug("{} cannot be told", name, e);
      found.add(Finding.wrong(name, "it cannot be told: " + e.getClass().getSimpleName()));
    }
  }

  /** Of some kinds only the console has a sentence. */
  private static String sentence(Condition condition, Problem problem) {
    Supplier<String> own = problem::sentence;
    return switch (condition.kind()) {
      case QUARANTINED ->
          problem.value() + " webhooks are in quarantine: the console shows why they were refused";
      case PAUSED -> "paused by " + problem.value() + ": the task resume goes on";
      case UNHEALED -> problem.value() + " payments that were found wrong are not right yet";
      case SPOOL_FULL -> "the spool: " + own.get();
      case SPOOL_SET_ASIDE -> "the spool: " + own.get();
      case DOWN -> problem.value() + ": " + own.get();
      default -> own.get();
    };
  }
}
