package dev.acuse.effect;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The SQL of {@link FoundTags}, many rows a statement, for the length of one handle. */
final class FoundTagDao {
  private final Handle handle;
  private final long accountId;
  private final Instant now;
  private final PreparedBatch reasons;
  private final PreparedBatch events;

  FoundTagDao(Handle handle, long accountId, Instant now) {
    this.handle = handle;
    this.accountId = accountId;
    this.now = now;
    this.reasons =
        handle.prepareBatch(
            """
            INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id, created_at)
            VALUES (:effectId, :subject, :rule, :version, :accountId, :now)
            ON CONFLICT DO NOTHING
            """);
    this.events = handle.prepareBatch("UPDATE effects SET event_id = :eventId WHERE id = :id");
  }

  /** Told of each tag that contacts have as an effect. */
  @FunctionalInterface
  interface Seen {
    void tag(long id, String contactId, String tag, String wanted);
  }

  void known(List<String> contactIds, Seen seen) {
    handle
        .createQuery(
            """
            SELECT e.id, e.target, e.name, e.wanted FROM UNNEST(CAST(:contacts AS VARCHAR ARRAY)) AS given (target)
            JOIN effects e ON e.account_id = :accountId AND e.kind = :kind
              AND e.target = given.target
            """)
        .bindArray("contacts", String.class, contactIds)
        .bind("accountId", accountId)
        .bind("kind", EffectKind.TAG.code())
        .map(
            (row, context) -> {
              seen.tag(
                  row.getLong("id"),
                  row.getString("target"),
                  row.getString("name"),
                  row.getString("wanted"));
              return true;
            })
        .list();
  }

  /** Answers their ids, in order. */
  List<Long> insert(List<FoundTag> tags) {
    if (tags.isEmpty()) {
      return List.of();
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO effects (account_id, family, kind, target, name, wanted, generation,
              done_generation, state, created_at, updated_at, done_at)
            VALUES (:accountId, 'standing', :kind, :target, :name, :wanted, 1, :done, :state,
              :since, :now, :doneAt)
            """);
    for (FoundTag tag : tags) {
      boolean isDone = tag.appliedAt() != null && !tag.isOutstanding();
      Wanted wanted = tag.reasons().isEmpty() ? Wanted.LEAVE : Wanted.PRESENT;
      EffectState state = tag.isOutstanding() ? EffectState.WAITING : EffectState.DONE;
      batch
          .bind("accountId", accountId)
          .bind("kind", EffectKind.TAG.code())
          .bind("target", tag.contactId())
          .bind("name", tag.tag())
          .bind("wanted", wanted.code())
          .bind("done", isDone ? 1 : 0)
          .bind("state", state.code())
          .bind("since", tag.since())
          .bind("now", now)
          .bind("doneAt", tag.appliedAt())
          .add();
    }
    return batch.executePreparedBatch("id").map((row, context) -> row.getLong(1)).list();
  }

  void addReasons(long effectId, List<Effect.Reason> some) {
    for (Effect.Reason reason : some) {
      reasons
          .bind("effectId", effectId)
          .bind("subject", reason.subject().code())
          .bind("rule", reason.rule())
          .bind("version", reason.version())
          .bind("accountId", accountId)
          .bind("now", now)
          .add();
    }
  }

  void insertReasons() {
    if (reasons.size() > 0) {
      reasons.execute();
    }
  }

  void addEvent(long effectId, long eventId) {
    events.bind("eventId", eventId).bind("id", effectId).add();
  }

  void setEvents() {
    if (events.size() > 0) {
      events.execute();
    }
  }
}
