package dev.acuse.effect;

import dev.acuse.event.Lane;
import org.jspecify.annotations.Nullable;

/** In which lane the effects of each account are carried out now. Thread-safe; never blocks. */
@FunctionalInterface
public interface CrmLanes {
  /** The lane of an account. */
  Lane of(long accountId);

  /**
   * All accounts at one location.
   *
   * @param locationId GoHighLevel's; null if none is set
   */
  static CrmLanes at(@Nullable String locationId) {
    return accountId -> Lane.crm(accountId, locationId);
  }
}
