package dev.acuse.effect;

import dev.acuse.database.Timestamps;
import dev.acuse.text.Text;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that writes {@code effects} and {@code effect_reasons}, one method a statement, for the
 * length of one handle. Rows are locked in the order of their ids, after payments and, where an
 * attempt ends, after its event.
 */
final class EffectDao {
  private static final int MAX_ERROR = 2048;
  private static final RowMapper<Long> NUMBER = (row, context) -> row.getLong(1);

  private final Handle handle;

  EffectDao(Handle handle) {
    this.handle = handle;
  }

  /**
   * A reason of one of these subjects, with its effect as it was when this was read.
   *
   * @param effectId the effect's
   */
  record Standing(
      long effectId, EffectWish wish, Subject subject, EffectState state, Instant updatedAt) {}

  /**
   * What a subject wants by today's tags, whatever becomes of it. Of several subjects each is asked
   * for by itself, because H2 finds only one value of an index's second column at a time.
   */
  List<Standing> standing(long accountId, Subject subject) {
    return handle
        .createQuery(
            """
            SELECT r.effect_id, r.subject, r.rule, e.kind, e.target, e.name, e.state,
              e.updated_at
            FROM effect_reasons r JOIN effects e ON e.id = r.effect_id
            WHERE r.account_id = :accountId AND r.subject = :subject AND r.version = 0
            ORDER BY r.effect_id, r.rule
            """)
        .bind("accountId", accountId)
        .bind("subject", subject.code())
        .map(
            (row, context) ->
                new Standing(
                    row.getLong("effect_id"),
                    new EffectWish(
                        EffectKind.of(row.getString("kind")),
                        row.getString("target"),
                        row.getString("name"),
                        row.getString("rule")),
                    new Subject(row.getString("subject")),
                    EffectState.of(row.getString("state")),
                    Timestamps.of(row, "updated_at")))
        .list();
  }

  /**
   * A row that is wanted and waits, in its first generation.
   *
   * @return its id; empty where there is one already
   */
  Optional<Long> insert(long accountId, EffectWish wish, Instant now) {
    return handle
        .createUpdate(
            """
            INSERT INTO effects (account_id, family, kind, target, name, wanted, generation, state,
              created_at, updated_at)
            VALUES (:accountId, 'standing', :kind, :target, :name, 'present', 1, 'waiting',
              :now, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("accountId", accountId)
        .bind("kind", wish.kind().code())
        .bind("target", wish.target())
        .bind("name", wish.name())
        .bind("now", now)
        .executeAndReturnGeneratedKeys("id")
        .map(NUMBER)
        .findOne();
  }

  long idOf(long accountId, EffectWish wish) {
    return handle
        .createQuery(
            """
            SELECT id FROM effects WHERE account_id = :accountId AND kind = :kind
              AND target = :target AND name = :name
            """)
        .bind("accountId", accountId)
        .bind("kind", wish.kind().code())
        .bind("target", wish.target())
        .bind("name", wish.name())
        .map(NUMBER)
        .one();
  }

  List<EffectRow> lock(Collection<Long> ids) {
    return handle
        .createQuery(
            "SELECT "
                + EffectRow.COLUMNS
                + " FROM effects WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
        .bindArray("ids", Long.class, ids)
        .map(EffectRow.MAPPER)
        .list();
  }

  void insertReasons(
      long accountId, Subject subject, List<Long> effectIds, List<String> rules, Instant now) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id, created_at)
            VALUES (:effectId, :subject, :rule, 0, :accountId, :now)
            ON CONFLICT DO NOTHING
            """);
    for (int i = 0; i < effectIds.size(); i++) {
      batch
          .bind("effectId", effectIds.get(i))
          .bind("subject", subject.code())
          .bind("rule", rules.get(i))
          .bind("accountId", accountId)
          .bind("now", now)
          .add();
    }
    batch.execute();
  }

  void deleteReasons(List<Standing> gone) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            DELETE FROM effect_reasons WHERE effect_id = :effectId AND subject = :subject
              AND rule = :rule AND version = 0
            """);
    gone.forEach(
        one ->
            batch
                .bind("effectId", one.effectId())
                .bind("subject", one.subject().code())
                .bind("rule", one.wish().rule())
                .add());
    batch.execute();
  }

  /** Those of these that something wants; they are locked. */
  List<Long> withReason(Collection<Long> ids) {
    return handle
        .createQuery("SELECT DISTINCT effect_id FROM effect_reasons WHERE effect_id = ANY(:ids)")
        .bindArray("ids", Long.class, ids)
        .map(NUMBER)
        .list();
  }

  /** Wants it otherwise than before: the next generation. */
  void turn(long id, Wanted wanted, EffectState state, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE effects SET wanted = :wanted, generation = generation + 1, state = :state,
              error = NULL, reason = NULL, reason_args = NULL, updated_at = :now
            WHERE id = :id
            """)
        .bind("wanted", wanted.code())
        .bind("state", state.code())
        .bind("now", now)
        .bind("id", id)
        .execute();
  }

  void setEvent(long id, long eventId) {
    handle
        .createUpdate("UPDATE effects SET event_id = :eventId WHERE id = :id")
        .bind("eventId", eventId)
        .bind("id", id)
        .execute();
  }

  void waits(long id, long eventId, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE effects SET state = 'waiting', event_id = :eventId, error = NULL, reason = NULL,
              reason_args = NULL, updated_at = :now
            WHERE id = :id
            """)
        .bind("eventId", eventId)
        .bind("now", now)
        .bind("id", id)
        .execute();
  }

  void done(Collection<Long> ids, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE effects SET state = 'done', done_generation = generation, done_at = :now,
              error = NULL, reason = NULL, reason_args = NULL, updated_at = :now
            WHERE id = ANY(:ids)
            """)
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .execute();
  }

  /** An older generation was carried out in the end. */
  void doneBefore(long id, long generation, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE effects SET done_generation = :generation, done_at = :now
            WHERE id = :id AND done_generation < :generation
            """)
        .bind("generation", generation)
        .bind("now", now)
        .bind("id", id)
        .execute();
  }

  void ended(long id, EffectState state, @Nullable String error, Instant now) {
    handle
        .createUpdate(
            "UPDATE effects SET state = :state, error = :error, updated_at = :now WHERE id = :id")
        .bind("state", state.code())
        .bind("error", error == null ? null : Text.cut(error, MAX_ERROR))
        .bind("now", now)
        .bind("id", id)
        .execute();
  }

  void withoutEvent(Collection<Long> ids, Collection<Long> eventIds) {
    handle
        .createUpdate(
            """
            UPDATE effects SET event_id = NULL
            WHERE id = ANY(:ids) AND event_id = ANY(:eventIds)
            """)
        .bindArray("ids", Long.class, ids)
        .bindArray("eventIds", Long.class, eventIds)
        .execute();
  }

  /** Waiting effects above this id, the lowest first; not locked. */
  List<EffectRow> waiting(long after, int limit) {
    return handle
        .createQuery(
            "SELECT "
                + EffectRow.COLUMNS
                + """
                 FROM effects WHERE state = 'waiting' AND id > :after
                ORDER BY id LIMIT :limit
                """)
        .bind("after", after)
        .bind("limit", limit)
        .map(EffectRow.MAPPER)
        .list();
  }
}
