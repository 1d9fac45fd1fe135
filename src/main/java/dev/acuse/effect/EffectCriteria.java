package dev.acuse.effect;

import dev.acuse.event.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.SqlStatement;

/** An {@link EffectFilter} as SQL: its conditions, and the values that they name. */
final class EffectCriteria {
  private final EffectFilter filter;

  EffectCriteria(EffectFilter filter) {
    this.filter = filter;
  }

  /** Conditions to follow {@code WHERE}; never empty. */
  String conditions() {
    List<String> all = new ArrayList<>();
    all.add("1 = 1");
    EffectState state = filter.state();
    if (state != null) {
      // A word in the text, because the planner has to know that it is in the partial index.
      all.add("state = '" + state.code() + "'");
    }
    EffectKind kind = filter.kind();
    if (kind == EffectKind.TAG) {
      // Nearly all are tags: the newest of all are looked through.
      all.add("kind = 'tag'");
    } else if (kind != null) {
      all.add("account_id = %d AND kind = '%s'".formatted(Place.MAIN_ACCOUNT, kind.code()));
    }
    if (filter.accountId() != null) {
      all.add("account_id = :accountId");
    }
    if (filter.subjects() != null) {
      all.add(
          "id IN (SELECT effect_id FROM effect_reasons WHERE account_id = %d AND subject = ANY(:subjects))"
              .formatted(Place.MAIN_ACCOUNT));
    }
    return String.join(" AND ", all);
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
