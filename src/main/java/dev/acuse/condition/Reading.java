package dev.acuse.condition;

import dev.acuse.inbox.Backlog;
import dev.acuse.inbox.Pause;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The inbox at one moment.
 *
 * @param pause since when an operator has stopped the claims; null if no operator has
 * @param misfits approved payments that tag no contact until an operator accepts them
 * @param byAccount what is wrong with single accounts; nothing where there is only one
 */
public record Reading(Backlog backlog, @Nullable Pause pause, long misfits, ByAccount byAccount) {

  /** Of an inbox with one account. */
  public Reading(Backlog backlog, @Nullable Pause pause, long misfits) {
    this(backlog, pause, misfits, ByAccount.NONE);
  }

  /**
   * Numbers by the account's id, none of them 0; what is a thousand may be more.
   *
   * @param failed events that have failed
   * @param quarantined events that are quarantined
   * @param misfits approved payments that tag no contact
   */
  public record ByAccount(
      Map<Long, Long> failed, Map<Long, Long> quarantined, Map<Long, Long> misfits) {
    /** Nothing is wrong with any. */
    static final ByAccount NONE = new ByAccount(Map.of(), Map.of(), Map.of());

    /** Copies the maps. */
    public ByAccount {
      failed = Map.copyOf(failed);
      quarantined = Map.copyOf(quarantined);
      misfits = Map.copyOf(misfits);
    }
  }

  /** Whether an operator has stopped the claims. */
  public boolean paused() {
    return pause != null;
  }
}
