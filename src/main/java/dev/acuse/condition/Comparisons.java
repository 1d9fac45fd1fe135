package dev.acuse.condition;

import dev.acuse.event.Scope;
import dev.acuse.mercadopago.reconciliation.ComparedAccounts;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader.State;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** How the comparisons stand that a condition is about. Throws if the database does not answer. */
interface Comparisons {
  /** How far they have come; empty if they never began. */
  Optional<State> state(Supplier<Reading> inbox);

  /** How many payments were found wrong and are not right yet. */
  long unhealed(Supplier<Reading> inbox);

  /** The windows that were set aside and are not made up for, the first one first. */
  List<ReconciliationRun> gaps(Supplier<Reading> inbox);

  /** Whether a scheduled run may have found a payment missing or stale since a time. */
  boolean mayHaveFoundSince(Supplier<Reading> inbox, Instant time);

  /** Of everything there is, asked for each by itself. */
  static Comparisons ofAll(ReconciliationReader reader) {
    return new Comparisons() {
      @Override
      public Optional<State> state(Supplier<Reading> inbox) {
        return reader.state(Scope.everything());
      }

      @Override
      public long unhealed(Supplier<Reading> inbox) {
        return reader.unhealed(Scope.everything());
      }

      @Override
      public List<ReconciliationRun> gaps(Supplier<Reading> inbox) {
        return reader.gaps(Scope.everything());
      }

      @Override
      public boolean mayHaveFoundSince(Supplier<Reading> inbox, Instant time) {
        return true;
      }
    };
  }

  /** Of one of several accounts, by what is read of all at once. */
  static Comparisons of(long account) {
    return new Comparisons() {
      private ComparedAccounts all(Supplier<Reading> inbox) {
        return inbox.get().byAccount().comparisons().get();
      }

      @Override
      public Optional<State> state(Supplier<Reading> inbox) {
        return Optional.ofNullable(all(inbox).states().get(account));
      }

      @Override
      public long unhealed(Supplier<Reading> inbox) {
        Map<Long, Long> unhealed = all(inbox).unhealed();
        return unhealed.getOrDefault(account, 0L);
      }

      @Override
      public List<ReconciliationRun> gaps(Supplier<Reading> inbox) {
        return all(inbox).gaps().getOrDefault(account, List.of());
      }

      @Override
      public boolean mayHaveFoundSince(Supplier<Reading> inbox, Instant time) {
        Instant last = all(inbox).lastFound().get(account);
        return last != null && last.isAfter(time);
      }
    };
  }
}
