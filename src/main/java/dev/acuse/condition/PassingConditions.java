package dev.acuse.condition;

import dev.acuse.condition.Condition.Kind;
import java.util.List;
import java.util.Set;

/**
 * Conditions with subjects that come and go, such as a dispute or a day. Each is told of once, when
 * it comes, and never again, also if it goes and comes back; that it has gone is not told.
 * Thread-safe.
 */
public interface PassingConditions {
  /** The kinds of all that it lists; no other list has one of these. */
  Set<Kind> kinds();

  /**
   * Those of now, each of which is wrong: what is not listed has gone. A list is bounded, and what
   * it leaves out is told of by one condition of its own.
   *
   * @return throws if it cannot be told: then none comes and none goes
   */
  List<Condition> now();
}
