package dev.acuse.dispute;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a dispute stands, by its case and its payments. Pure. */
final class Judgement {
  private Judgement() {}

  /**
   * @param verdict what the case says; null if it does not tell
   * @param isRead whether the case is known and could be read at the last look
   * @param standings of its payments; null where one says nothing
   */
  static DisputeState of(
      DisputeKind kind,
      @Nullable DisputeState verdict,
      boolean isRead,
      Collection<@Nullable Standing> standings) {
    if (verdict != null && verdict.isOver()) {
      return verdict;
    }
    Set<Standing> seen = EnumSet.noneOf(Standing.class);
    boolean allTell = !standings.isEmpty();
    for (Standing standing : standings) {
      if (standing == null) {
        allTell = false;
      } else {
        seen.add(standing);
      }
    }
    if (kind == DisputeKind.FRAUD_ALERT) {
      return allTell && !seen.contains(Standing.DISPUTED) ? DisputeState.CLOSED : DisputeState.OPEN;
    }
    if (seen.contains(Standing.DISPUTED)) {
      return DisputeState.OPEN;
    }
    if (seen.contains(Standing.LOST)) {
      return DisputeState.LOST;
    }
    if (allTell) {
      return seen.contains(Standing.WON) ? DisputeState.WON : DisputeState.CLOSED;
    }
    return isRead || verdict == DisputeState.OPEN ? DisputeState.OPEN : DisputeState.UNKNOWN;
  }
}
