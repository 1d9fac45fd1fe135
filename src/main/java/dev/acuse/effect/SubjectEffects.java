package dev.acuse.effect;

import dev.acuse.database.Timestamps;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What subjects want, as their own room reads it; for the length of one handle. */
public final class SubjectEffects {
  private final Handle handle;

  /** Reads by this handle, in its transaction if it is in one. */
  public SubjectEffects(Handle handle) {
    this.handle = handle;
  }

  /**
   * One effect that a subject wants.
   *
   * @param rule by which rule
   * @param doneAt when it was last carried out; null unless it is as wanted
   * @param wantedAt since when the subject wants it
   */
  public record OfSubject(
      long effectId,
      Subject subject,
      String rule,
      EffectKind kind,
      String target,
      String name,
      EffectState state,
      @Nullable Instant doneAt,
      Instant wantedAt) {}

  /** All that these subjects want, in the order in which it came to be. */
  public List<OfSubject> wanted(long accountId, Collection<Subject> subjects) {
    return of(accountId, subjects, "");
  }

  /** The same, but only what waits or has failed. */
  public List<OfSubject> outstanding(long accountId, Collection<Subject> subjects) {
    return of(accountId, subjects, " AND e.state IN ('waiting', 'failed')");
  }

  private List<OfSubject> of(long accountId, Collection<Subject> subjects, String which) {
    // Each by itself, because H2 finds only one value of an index's second column at a time.
    return subjects.stream()
        .distinct()
        .flatMap(subject -> of(accountId, subject, which).stream())
        .sorted(Comparator.comparing(OfSubject::effectId).thenComparing(OfSubject::rule))
        .toList();
  }

  private List<OfSubject> of(long accountId, Subject subject, String which) {
    return handle
        .createQuery(
            """
                SELECT e.id, r.subject, r.rule, e.kind, e.target, e.name, e.state, e.done_at,
                  r.created_at
                FROM effect_reasons r JOIN effects e ON e.id = r.effect_id
                WHERE r.account_id = :accountId AND r.subject = :subject
                """
                + which)
        .bind("accountId", accountId)
        .bind("subject", subject.code())
        .map(
            (row, context) -> {
              EffectState state = EffectState.of(row.getString("state"));
              return new OfSubject(
                  row.getLong("id"),
                  new Subject(row.getString("subject")),
                  row.getString("rule"),
                  EffectKind.of(row.getString("kind")),
                  row.getString("target"),
                  row.getString("name"),
                  state,
                  state == EffectState.DONE ? Timestamps.orNull(row, "done_at") : null,
                  Timestamps.of(row, "created_at"));
            })
        .list();
  }
}
