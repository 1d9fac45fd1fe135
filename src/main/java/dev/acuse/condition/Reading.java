package dev.acuse.condition;

import dev.acuse.inbox.Backlog;
import dev.acuse.inbox.Pause;
import org.jspecify.annotations.Nullable;

/**
 * The inbox at one moment.
 *
 * @param pause since when an operator has stopped the claims; null if no operator has
 * @param misfits approved payments that tag no contact until an operator accepts them
 */
public record Reading(Backlog backlog, @Nullable Pause pause, long misfits) {

  /** Whether an operator has stopped the claims. */
  public boolean paused() {
    return pause != null;
  }
}
