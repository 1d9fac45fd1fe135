package dev.acuse.mercadopago.reconciliation;

import dev.acuse.mercadopago.reconciliation.ReconciliationReader.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the comparisons of all accounts stand, by the account's id; accounts of which there is
 * nothing to say are missing.
 *
 * @param states how far each has come
 * @param unhealed payments that were found wrong and are not right yet
 * @param gaps windows that were set aside and are not made up for, the first one first
 * @param lastFound when the last scheduled run was added that found a payment missing or stale, by
 *     our clock
 */
public record ComparedAccounts(
    Map<Long, State> states,
    Map<Long, Long> unhealed,
    Map<Long, List<ReconciliationRun>> gaps,
    Map<Long, Instant> lastFound) {
  /** Nothing was ever compared. */
  public static final ComparedAccounts NONE =
      new ComparedAccounts(Map.of(), Map.of(), Map.of(), Map.of());

  /** Copies the maps. */
  public ComparedAccounts {
    states = Map.copyOf(states);
    unhealed = Map.copyOf(unhealed);
    gaps = Map.copyOf(gaps);
    lastFound = Map.copyOf(lastFound);
  }
}
