package dev.acuse.intake;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which signatures have let in what they do not cover. The provider has signed such a delivery, and
 * may never send it again, as MercadoPago's fraud alert: a flood of hints must not keep it out. But
 * a request that was seen by a stranger may be sent again with a million other bodies, so each
 * signature lets in one, and the others are hints as any other. Thread-safe.
 */
final class Vouchers {
  /** The one that was used longest ago is forgotten for the next. */
  static final int MOST = 10_000;

  private final Map<String, Boolean> used = new LinkedHashMap<>(16, 0.75f, true);

  /** Whether a signature is used for the first time, as far as is remembered. */
  synchronized boolean use(String signature) {
    boolean isNew = used.put(signature, true) == null;
    if (used.size() > MOST) {
      used.remove(used.keySet().iterator().next());
    }
    return isNew;
  }

  /** What a signature let in was not stored: it may let in another. */
  synchronized void giveBack(String signature) {
    used.remove(signature);
  }
}
