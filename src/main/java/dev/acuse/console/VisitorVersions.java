package dev.acuse.console;

import dev.acuse.audit.AuditTrail.Reader;
import dev.acuse.console.session.Visitor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The version of what each visitor sees: for one of everything that of the whole. For others it is
 * read when the whole has another, once for all of one scope and name; while nothing happens,
 * nothing is read. Thread-safe.
 */
final class VisitorVersions {
  private static final int MOST_READERS = 100;

  private final Function<Reader, String> versions;

  private final Map<Reader, Known> latest =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Reader, Known> eldest) {
          return size() > MOST_READERS;
        }
      };

  private record Known(String whole, String own) {}

  /**
   * @param versions a word that is another one after a change of what a reader sees; may throw
   */
  VisitorVersions(Function<Reader, String> versions) {
    this.versions = versions;
  }

  /**
   * The version for a visitor.
   *
   * @param whole that of everything there is
   */
  String of(Visitor visitor, String whole) {
    if (visitor.scope().isEverything()) {
      return whole;
    }
    var reader = new Reader(visitor.scope(), visitor.name());
    synchronized (this) {
      Known known = latest.get(reader);
      if (known != null && known.whole().equals(whole)) {
        return known.own();
      }
      String own;
      try {
        own = versions.apply(reader);
      } catch (RuntimeException e) {
        // Not known now: the next change of the whole asks again.
        return known == null ? "" : known.own();
      }
      latest.put(reader, new Known(whole, own));
      return own;
    }
  }
}
