package dev.acuse.condition;

import dev.acuse.inbox.Backlog;
import dev.acuse.inbox.Pause;
import dev.acuse.inbox.UnhandledTopic;
import dev.acuse.mercadopago.reconciliation.ComparedAccounts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The inbox at one moment.
 *
 * @param pause since when an operator has stopped the claims; null if no operator has
 * @param misfits approved payments that tag no contact until an operator accepts them
 * @param unhandled the topics with events that no handler took, of whatever account
 * @param byAccount what is wrong with single accounts; nothing where there is only one
 */
public record Reading(
    Backlog backlog,
    @Nullable Pause pause,
    long misfits,
    List<UnhandledTopic> unhandled,
    ByAccount byAccount) {

  /** Copies the list. */
  public Reading {
    unhandled = List.copyOf(unhandled);
  }

  /**
   * Numbers by the account's id, none of them 0; what is a thousand may be more.
   *
   * @param failed events that have failed
   * @param quarantined events that are quarantined
   * @param misfits approved payments that tag no contact
   * @param comparisons how each account's comparisons stand; read when it is asked for first
   */
  public record ByAccount(
      Map<Long, Long> failed,
      Map<Long, Long> quarantined,
      Map<Long, Long> misfits,
      Supplier<ComparedAccounts> comparisons) {
    /** Nothing is wrong with any. */
    static final ByAccount NONE =
        new ByAccount(Map.of(), Map.of(), Map.of(), () -> ComparedAccounts.NONE);

    /** Copies the maps. */
    public ByAccount {
      failed = Map.copyOf(failed);
      quarantined = Map.copyOf(quarantined);
      misfits = Map.copyOf(misfits);
      comparisons = once(comparisons);
    }
  }

  /** Asks at the first call and not again, unless that failed. */
  private static Supplier<ComparedAccounts> once(Supplier<ComparedAccounts> asked) {
    var latest = new AtomicReference<@Nullable ComparedAccounts>();
    return () -> {
      ComparedAccounts known = latest.get();
      ComparedAccounts now = known == null ? asked.get() : known;
      latest.set(now);
      return now;
    };
  }

  /** Whether an operator has stopped the claims. */
  public boolean paused() {
    return pause != null;
  }
}
