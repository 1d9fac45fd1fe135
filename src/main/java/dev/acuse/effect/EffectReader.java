package dev.acuse.effect;

import dev.acuse.database.QueryLimit;
import dev.acuse.database.Timestamps;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of other systems, and how it stands. Each method is told whose are seen.
 * Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is out of
 * reach.
 */
public final class EffectReader {
  /** The most effects of one payment that are read; a payment has some few. */
  private static final int MOST_OF_ONE = 200;

  private static final String COLUMNS =
      "id, account_id, kind, target, name, wanted, generation, done_generation, state, event_id,"
          + " error, created_at, updated_at, done_at";

  private final Jdbi jdbi;
  private final KnownAccounts known;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   * @param known which accounts there are
   */
  public EffectReader(Jdbi jdbi, KnownAccounts known) {
    this.jdbi = jdbi;
    this.known = known;
  }

  /** The effect with this id. */
  public Optional<SeenEffect> find(Scope scope, long id) {
    return jdbi.withHandle(
        handle ->
            read(
                    handle,
                    handle
                        .createQuery(
                            "SELECT "
                                + COLUMNS
                                + " FROM effects WHERE id = :id"
                                + EffectCriteria.seenBy(scope))
                        .bind("id", id))
                .stream()
                .findFirst());
  }

  /**
   * Effects that match, newest first. For people, so within the {@link QueryLimit}.
   *
   * @param before only effects with a lower id; null for the newest
   */
  public List<SeenEffect> page(Scope scope, EffectFilter filter, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle -> QueryLimit.within(handle, () -> page(handle, scope, filter, before, limit)));
  }

  private List<SeenEffect> page(
      Handle handle, Scope scope, EffectFilter filter, @Nullable Long before, int limit) {
    var criteria = new EffectCriteria(handle, filter, scope, known);
    Query query =
        criteria
            .bind(
                handle.createQuery(
                    "SELECT "
                        + COLUMNS
                        + " FROM effects WHERE "
                        + criteria.conditions()
                        + (before == null ? "" : " AND " + criteria.id() + " < :before")
                        + " ORDER BY "
                        + criteria.newestFirst()
                        + " LIMIT :limit"))
            .bind("limit", limit);
    return read(handle, before == null ? query : query.bind("before", before));
  }

  /** How many effects match; for people, so within the {@link QueryLimit}. */
  public long count(Scope scope, EffectFilter filter) {
    return count(scope, filter, "");
  }

  /** How many of those that match are wanted, so that they may be retried. */
  public long countWanted(Scope scope, EffectFilter filter) {
    return count(scope, filter, " AND wanted = 'present'");
  }

  private long count(Scope scope, EffectFilter filter, String more) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(
                handle,
                () -> {
                  var criteria = new EffectCriteria(handle, filter, scope, known);
                  return criteria
                      .bind(
                          handle.createQuery(
                              "SELECT COUNT(*) FROM effects WHERE " + criteria.conditions() + more))
                      .mapTo(Long.class)
                      .one();
                }));
  }

  /** The highest id that matches; 0 if none does. */
  public long lastId(Scope scope, EffectFilter filter) {
    // Not MAX(id), because H2 would go through all that match.
    return jdbi.withHandle(
        handle -> {
          var criteria = new EffectCriteria(handle, filter, scope, known);
          return criteria
              .bind(
                  handle.createQuery(
                      "SELECT id FROM effects WHERE "
                          + criteria.conditions()
                          + " ORDER BY "
                          + criteria.newestFirst()
                          + " LIMIT 1"))
              .mapTo(Long.class)
              .findOne()
              .orElse(0L);
        });
  }

  /** Ids that match, above {@code after} and up to {@code last}, the lowest first. */
  public List<Long> ids(Scope scope, EffectFilter filter, long after, long last, int limit) {
    return jdbi.withHandle(
        handle -> {
          var criteria = new EffectCriteria(handle, filter, scope, known);
          return criteria
              .bind(
                  handle.createQuery(
                      "SELECT id FROM effects WHERE "
                          + criteria.conditions()
                          + " AND "
                          + criteria.id()
                          + " > :after AND "
                          + criteria.id()
                          + " <= :last ORDER BY "
                          + criteria.oldestFirst()
                          + " LIMIT :limit"))
              .bind("after", after)
              .bind("last", last)
              .bind("limit", limit)
              .mapTo(Long.class)
              .list();
        });
  }

  /** The effects that one of these subjects wants, newest first; at most some hundred. */
  public List<SeenEffect> of(Scope scope, Set<Subject> subjects) {
    return subjects.isEmpty()
        ? List.of()
        : page(scope, EffectFilter.ALL.wantedBy(subjects), null, MOST_OF_ONE);
  }

  /**
   * How the effects of many subjects stand, in one statement.
   *
   * @return by subject the states of its effects by their ids; subjects without any are left out
   */
  public Map<Subject, Map<Long, EffectState>> statesBySubject(
      Scope scope, Collection<Subject> subjects) {
    Map<Subject, Map<Long, EffectState>> found = new HashMap<>();
    if (subjects.isEmpty()) {
      return found;
    }
    jdbi.useHandle(
        handle ->
            EffectCriteria.bindAccounts(
                    handle.createQuery(
                        "SELECT r.subject, e.id, e.state FROM "
                            + EffectCriteria.reasons(scope, known)
                            + " JOIN effects e ON e.id = r.effect_id"),
                    scope,
                    known)
                .bindArray("subjects", String.class, subjects.stream().map(Subject::code).toList())
                .map(
                    (row, context) ->
                        found
                            .computeIfAbsent(
                                new Subject(row.getString("subject")), any -> new HashMap<>())
                            .put(row.getLong("id"), EffectState.of(row.getString("state"))))
                .list());
    return found;
  }

  /** How these effects stand, by their ids; what is not there is left out. */
  public Map<Long, EffectState> states(Scope scope, Collection<Long> ids) {
    Map<Long, EffectState> found = new HashMap<>();
    if (ids.isEmpty()) {
      return found;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id, state FROM effects WHERE id = ANY(:ids)"
                        + EffectCriteria.seenBy(scope))
                .bindArray("ids", Long.class, ids)
                .map(
                    (row, context) ->
                        found.put(row.getLong("id"), EffectState.of(row.getString("state"))))
                .list());
    return found;
  }

  /**
   * How many effects are in each state, but no more than {@code cap}: then there are as many or
   * more. States with none are included, those of a newer version are not.
   */
  public Map<EffectState, Long> countByStateUpTo(Scope scope, int cap) {
    return jdbi.withHandle(
        handle -> {
          var all = new EffectCriteria(handle, EffectFilter.ALL, scope, known);
          Map<EffectState, Long> counts = new EnumMap<>(EffectState.class);
          for (EffectState state : EffectState.KNOWN) {
            counts.put(state, countUpTo(handle, all.in(state), cap));
          }
          return counts;
        });
  }

  private static long countUpTo(Handle handle, EffectCriteria criteria, int cap) {
    return criteria
        .bind(
            handle.createQuery(
                "SELECT COUNT(*) FROM (SELECT id FROM effects WHERE "
                    + criteria.conditions()
                    + " LIMIT :cap) capped"))
        .bind("cap", cap)
        .mapTo(Long.class)
        .one();
  }

  private static List<SeenEffect> read(Handle handle, Query query) {
    List<SeenEffect> bare = query.map((row, context) -> map(row)).list();
    if (bare.isEmpty()) {
      return bare;
    }
    Map<Long, List<Effect.Reason>> reasons =
        reasons(handle, bare.stream().map(one -> one.effect().id()).toList());
    return bare.stream()
        .map(one -> with(one, reasons.getOrDefault(one.effect().id(), List.of())))
        .toList();
  }

  private static Map<Long, List<Effect.Reason>> reasons(Handle handle, List<Long> ids) {
    Map<Long, List<Effect.Reason>> reasons = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT effect_id, subject, rule, version FROM effect_reasons
            WHERE effect_id = ANY(:ids) ORDER BY effect_id, version, created_at, subject, rule
            """)
        .bindArray("ids", Long.class, ids)
        .map(
            (row, context) ->
                reasons
                    .computeIfAbsent(row.getLong("effect_id"), any -> new ArrayList<>())
                    .add(
                        new Effect.Reason(
                            new Subject(row.getString("subject")),
                            row.getString("rule"),
                            row.getLong("version"))))
        .list();
    return reasons;
  }

  private static SeenEffect with(SeenEffect seen, List<Effect.Reason> reasons) {
    Effect effect = seen.effect();
    return new SeenEffect(
        new Effect(
            effect.id(),
            effect.accountId(),
            effect.kind(),
            effect.target(),
            effect.name(),
            effect.wanted(),
            effect.generation(),
            effect.doneGeneration(),
            effect.state(),
            effect.eventId(),
            effect.error(),
            effect.createdAt(),
            effect.updatedAt(),
            effect.doneAt(),
            reasons),
        seen.kind(),
        seen.wanted(),
        seen.state());
  }

  private static SeenEffect map(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    String wanted = row.getString("wanted");
    String state = row.getString("state");
    return new SeenEffect(
        new Effect(
            row.getLong("id"),
            row.getLong("account_id"),
            EffectKind.of(kind),
            row.getString("target"),
            row.getString("name"),
            Wanted.of(wanted),
            row.getLong("generation"),
            row.getLong("done_generation"),
            EffectState.of(state),
            row.getObject("event_id", Long.class),
            row.getString("error"),
            Timestamps.of(row, "created_at"),
            Timestamps.of(row, "updated_at"),
            Timestamps.orNull(row, "done_at"),
            List.of()),
        kind,
        wanted,
        state);
  }
}
