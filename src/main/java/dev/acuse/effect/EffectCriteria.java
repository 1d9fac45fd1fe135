package dev.acuse.effect;

import dev.acuse.event.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.SqlStatement;

/** An {@link EffectFilter} as SQL: its conditions, and the values that they name. */
final class EffectCriteria {
  /**
   * The reasons of {@code :subjects}. Joined one by one, because H2 finds only one value of an
   * index's second column at a time.
   */
  static final String REASONS =
      """
      UNNEST(CAST(:subjects AS VARCHAR ARRAY)) AS s (code)
      JOIN effect_reasons r ON r.account_id = %d AND r.subject = s.code"""
          .formatted(Place.MAIN_ACCOUNT);

  private final EffectFilter filter;

  EffectCriteria(EffectFilter filter) {
    this.filter = filter;
  }

  /** Conditions to follow {@code WHERE}; never empty. */
  String conditions() {
    List<String> all = new ArrayList<>();
    all.add("1 = 1");
    EffectState state = filter.state();
    if (state != null && isOfSubjects()) {
      // Not as the index has it, or H2 would read all in that state and not the subjects' few.
      all.add("LOWER(state) = '" + state.code() + "'");
    } else if (state != null) {
      // A word in the text, because the planner has to know that it is in the partial index.
      all.add("state = '" + state.code() + "'");
    }
    EffectKind kind = filter.kind();
    if (kind != null && (kind == EffectKind.TAG || isOfSubjects())) {
      // Nearly all are tags: the newest of all are looked through, or the subjects' few.
      all.add("kind = '" + kind.code() + "'");
    } else if (kind != null) {
      all.add("account_id = %d AND kind = '%s'".formatted(Place.MAIN_ACCOUNT, kind.code()));
    }
    if (filter.accountId() != null) {
      // Not as the index has it, or H2 would read all of the account's and sort them.
      all.add("account_id + 0 = :accountId");
    }
    if (filter.subjects() != null) {
      all.add("id IN (SELECT r.effect_id FROM " + REASONS + ")");
    }
    return String.join(" AND ", all);
  }

  private boolean isOfSubjects() {
    return filter.subjects() != null;
  }

  /**
   * The id, to be compared with bounds. Not as the index has it where subjects narrow, or H2 would
   * read all ids between the bounds.
   */
  String id() {
    return isOfSubjects() ? "id + 0" : "id";
  }

  /**
   * What follows {@code ORDER BY} for the newest first. It names what is the same in each row,
   * because H2 takes the order of an index only if all of its columns are named.
   */
  String newestFirst() {
    return isByState() ? "state DESC, id DESC" : "id DESC";
  }

  /** What follows {@code ORDER BY} for the lowest id first; as {@link #newestFirst()}. */
  String oldestFirst() {
    return isByState() ? "state, id" : "id";
  }

  private boolean isByState() {
    return filter.state() != null && !isOfSubjects();
  }

  /** Binds the values that {@link #conditions()} name. */
  <T extends SqlStatement<T>> T bind(T statement) {
    T bound = statement;
    if (filter.accountId() != null) {
      bound = bound.bind("accountId", filter.accountId());
    }
    Set<Subject> subjects = filter.subjects();
    return subjects == null
        ? bound
        : bound.bindArray("subjects", String.class, subjects.stream().map(Subject::code).toList());
  }
}
