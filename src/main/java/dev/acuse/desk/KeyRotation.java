package dev.acuse.desk;

import dev.acuse.access.Grantor;
import dev.acuse.account.AccountStore;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Seals all secrets of accounts by the first key, and tells which keys are still in use. */
public final class KeyRotation {
  private final AccountStore store;
  private final AuditTrail audit;

  /** Of the secrets that a store holds. */
  public KeyRotation(AccountStore store, AuditTrail audit) {
    this.store = store;
    this.audit = audit;
  }

  /**
   * Does it. What no key of this instance opens stays as it is.
   *
   * @return what was done, in few lines
   * @throws dev.acuse.http.ProblemException if the keys are none of this database's
   */
  public String rotate(Grantor by) {
    int resealed = Refusals.naming(store::rotate);
    SortedMap<String, Integer> byKey = store.secretsByKey();
    audit.record(new OperatorRequest(by.name(), "key-rotate", null), null, resealed + " secrets");
    if (byKey.isEmpty()) {
      return "No secret is sealed.";
    }
    String uses =
        byKey.entrySet().stream()
            .map(use -> "%s: %d".formatted(use.getKey(), use.getValue()))
            .collect(Collectors.joining("\n"));
    return "%d secrets are sealed anew. By the id of its key, how many each has sealed:\n%s\n%s"
        .formatted(
            resealed,
            uses,
            byKey.size() == 1
                ? "No other key is in use: the others may go from ACUSE_KEY on every instance."
                : "Of those with another key than the rest, no key of this instance opens any: add"
                    + " that key and rotate again, or set the secrets anew.");
  }
}
