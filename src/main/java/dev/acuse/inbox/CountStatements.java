package dev.acuse.inbox;

import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Counts events by their status, effects' apart, for the length of one handle. Each part is counted
 * by the index that holds it alone.
 */
final class CountStatements {
  private static final List<EventStatus> STORED =
      EventStatus.KNOWN.stream().filter(one -> one != EventStatus.PROCESSING).toList();

  /** One select for each status, because a grouped one would read the whole table. */
  private static final String EXACT =
      STORED.stream().map(CountStatements::exact).collect(Collectors.joining(" UNION ALL "));

  private final Handle handle;
  private final List<Long> held;

  CountStatements(Handle handle) {
    this.handle = handle;
    this.held = HeldLeases.read(handle).ids();
  }

  private static String exact(EventStatus status) {
    String code = status.code();
    if (status == EventStatus.PENDING) {
      return "SELECT 'pending' AS status, COUNT(*) FILTER (WHERE origin = 'effect') AS of_effects,"
          + " COUNT(*) FILTER (WHERE origin <> 'effect') AS of_others"
          + " FROM webhook_events WHERE account_id = "
          + Place.MAIN_ACCOUNT
          + " AND status = 'pending'";
    }
    return "SELECT '%s' AS status, (%s) AS of_effects, (%s) AS of_others"
        .formatted(
            code,
            "SELECT COUNT(*) FROM webhook_events WHERE " + ended(status, "origin = 'effect'"),
            "SELECT COUNT(*) FROM webhook_events WHERE " + ended(status, "origin <> 'effect'"));
  }

  private static String ended(EventStatus status, String origin) {
    return "account_id = %d AND status = '%s' AND %s"
        .formatted(Place.MAIN_ACCOUNT, status.code(), origin);
  }

  /** All of them. */
  EventCounts exact() {
    Map<EventStatus, Long> effects = new EnumMap<>(EventStatus.class);
    Map<EventStatus, Long> others = new EnumMap<>(EventStatus.class);
    handle
        .createQuery(EXACT)
        .map(
            (row, context) -> {
              EventStatus status = EventStatus.of(row.getString("status"));
              effects.put(status, row.getLong("of_effects"));
              others.put(status, row.getLong("of_others"));
              return status;
            })
        .list();
    return apart(effects, others);
  }

  /**
   * No more than {@code cap} of each part. Where more than that are pending, whatever their origin,
   * both parts of them are {@code cap}: no index tells their origin, and to read on until enough of
   * one are found could take the whole backlog.
   */
  EventCounts upTo(int cap) {
    Map<EventStatus, Long> effects = new EnumMap<>(EventStatus.class);
    Map<EventStatus, Long> others = new EnumMap<>(EventStatus.class);
    for (EventStatus status : STORED) {
      if (status != EventStatus.PENDING) {
        effects.put(status, upTo(cap, ended(status, "origin = 'effect'")));
        others.put(status, upTo(cap, ended(status, "origin <> 'effect'")));
      }
    }
    List<String> pending =
        handle
            .createQuery("SELECT origin FROM webhook_events WHERE status = 'pending' LIMIT :most")
            .bind("most", cap + held.size())
            .mapTo(String.class)
            .list();
    long ofEffects = pending.stream().filter("effect"::equals).count();
    effects.put(EventStatus.PENDING, ofEffects);
    others.put(EventStatus.PENDING, pending.size() - ofEffects);
    EventCounts counts = apart(effects, others);
    return counts.all(EventStatus.PENDING) < cap
        ? capped(counts, cap)
        : capped(new EventCounts(full(counts.effects(), cap), full(counts.others(), cap)), cap);
  }

  private long upTo(int cap, String condition) {
    return handle
        .createQuery(
            "SELECT COUNT(*) FROM (SELECT id FROM webhook_events WHERE "
                + condition
                + " LIMIT :cap) capped")
        .bind("cap", cap)
        .mapTo(Long.class)
        .one();
  }

  private static Map<EventStatus, Long> full(Map<EventStatus, Long> counts, int cap) {
    Map<EventStatus, Long> full = new EnumMap<>(counts);
    full.put(EventStatus.PENDING, (long) cap);
    return full;
  }

  private static EventCounts capped(EventCounts counts, int cap) {
    Map<EventStatus, Long> effects = new EnumMap<>(counts.effects());
    Map<EventStatus, Long> others = new EnumMap<>(counts.others());
    effects.replaceAll((status, count) -> Math.min(cap, count));
    others.replaceAll((status, count) -> Math.min(cap, count));
    return new EventCounts(effects, others);
  }

  /** Of what is pending some are leased. */
  private EventCounts apart(Map<EventStatus, Long> effects, Map<EventStatus, Long> others) {
    List<String> origins =
        held.isEmpty()
            ? List.of()
            : handle
                .createQuery("SELECT origin FROM webhook_events WHERE id = ANY(:held)")
                .bindArray("held", Long.class, new ArrayList<>(held))
                .mapTo(String.class)
                .list();
    long ofEffects = origins.stream().filter("effect"::equals).count();
    processing(effects, ofEffects);
    processing(others, origins.size() - ofEffects);
    return new EventCounts(effects, others);
  }

  private static void processing(Map<EventStatus, Long> counts, long leased) {
    long pending = counts.getOrDefault(EventStatus.PENDING, 0L);
    // Some may have ended since the leases were read, and are counted as that already.
    long processing = Math.min(pending, leased);
    counts.put(EventStatus.PENDING, pending - processing);
    counts.put(EventStatus.PROCESSING, processing);
  }
}
