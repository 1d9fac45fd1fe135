package dev.acuse.inbox;

import dev.acuse.database.AccountCondition;
import dev.acuse.event.EventStatus;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Counts events by their status, effects' apart, for the length of one handle. Each part is counted
 * by the index that holds it alone.
 */
final class CountStatements {
  private static final String OF_MAIN =
      " FROM webhook_events WHERE account_id = " + Place.MAIN_ACCOUNT + " AND ";

  /** Joined one by one, because H2 finds only one value of an index's first column at a time. */
  private static final String OF_EACH =
      " FROM " + AccountCondition.EACH + " JOIN webhook_events ON account_id = a.account AND ";

  /** One select for each status, because a grouped one would read the whole table. */
  private static final String EXACT = exact(OF_MAIN);

  private static final String EXACT_OF_EACH = exact(OF_EACH);

  private final Handle handle;
  private final List<Long> held;

  /** Whose are counted; null for all where there is no account but {@code main}. */
  private final @Nullable List<Long> accounts;

  /** Whether that is everything there is. */
  private final boolean isAll;

  CountStatements(Handle handle, Scope scope, KnownAccounts known) {
    this.handle = handle;
    this.held = HeldLeases.read(handle).ids();
    this.isAll = scope.isEverything();
    this.accounts =
        isAll && known.isMainAlone()
            ? null
            : scope.among(isAll ? known.ids() : scope.accountIds()).stream().sorted().toList();
  }

  private static String exact(EventStatus status, String from) {
    String code = status.code();
    if (status == EventStatus.PENDING) {
      return "SELECT 'pending' AS status, COUNT(*) FILTER (WHERE origin = 'effect') AS of_effects,"
          + " COUNT(*) FILTER (WHERE origin <> 'effect') AS of_others"
          + from
          + "status = 'pending'";
    }
    return "SELECT '%s' AS status, (%s) AS of_effects, (%s) AS of_others"
        .formatted(
            code,
            "SELECT COUNT(*)" + from + ended(status, "origin = 'effect'"),
            "SELECT COUNT(*)" + from + ended(status, "origin <> 'effect'"));
  }

  private static String exact(String from) {
    return StatusIndex.STORED.stream()
        .map(status -> exact(status, from))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private static String ended(EventStatus status, String origin) {
    return "status = '%s' AND %s".formatted(status.code(), origin);
  }

  private Query query(String sql) {
    Query query = handle.createQuery(sql);
    return accounts == null ? query : query.bindArray("accounts", Long.class, accounts);
  }

  /** All of them. */
  EventCounts exact() {
    Map<EventStatus, Long> effects = new EnumMap<>(EventStatus.class);
    Map<EventStatus, Long> others = new EnumMap<>(EventStatus.class);
    query(accounts == null ? EXACT : EXACT_OF_EACH)
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
    for (EventStatus status : StatusIndex.STORED) {
      if (status != EventStatus.PENDING) {
        effects.put(status, upTo(cap, ended(status, "origin = 'effect'")));
        others.put(status, upTo(cap, ended(status, "origin <> 'effect'")));
      }
    }
    List<String> pending =
        (isAll
                ? handle.createQuery(
                    "SELECT origin FROM webhook_events WHERE status = 'pending' LIMIT :most")
                : query("SELECT origin" + OF_EACH + "status = 'pending' LIMIT :most"))
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
    return query(
            "SELECT COUNT(*) FROM (SELECT id"
                + (accounts == null ? OF_MAIN : OF_EACH)
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
                .createQuery(
                    "SELECT origin FROM webhook_events WHERE id = ANY(:held)"
                        + (isAll || accounts == null
                            ? ""
                            : " AND " + AccountCondition.of("account_id", accounts)))
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
