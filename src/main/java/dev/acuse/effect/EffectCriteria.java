package dev.acuse.effect;

import dev.acuse.database.AccountCondition;
import dev.acuse.database.AccountRows;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** An {@link EffectFilter} as SQL: its conditions, and the values that they name. */
final class EffectCriteria {
  private final EffectFilter filter;
  private final Scope scope;
  private final KnownAccounts known;

  /** Whose effects are meant; null for everybody's. */
  private final @Nullable AccountRows rows;

  EffectCriteria(Handle handle, EffectFilter filter, Scope scope, KnownAccounts known) {
    this.filter = filter;
    this.scope = scope;
    this.known = known;
    Long only = filter.accountId();
    Scope meant = only == null ? scope : scope.and(Scope.of(only));
    if (meant.isEverything()) {
      this.rows = null;
    } else {
      this.rows =
          filter.subjects() != null || known.isMainAlone()
              ? AccountRows.large(meant.accountIds())
              : AccountRows.of(handle, "effects", meant.accountIds());
    }
  }

  private EffectCriteria(
      EffectFilter filter, Scope scope, KnownAccounts known, @Nullable AccountRows rows) {
    this.filter = filter;
    this.scope = scope;
    this.known = known;
    this.rows = rows;
  }

  /** The same in this state, without another look. */
  EffectCriteria in(EffectState state) {
    return new EffectCriteria(filter.withState(state), scope, known, rows);
  }

  /**
   * The reasons of {@code :subjects}, of the accounts of {@link #bindAccounts}. Joined one by one,
   * because H2 finds only one value of an index's column at a time.
   */
  static String reasons(Scope scope, KnownAccounts known) {
    return isOfMain(scope, known)
        ? """
          UNNEST(CAST(:subjects AS VARCHAR ARRAY)) AS s (code)
          JOIN effect_reasons r ON r.account_id = %d AND r.subject = s.code"""
            .formatted(Place.MAIN_ACCOUNT)
        : """
          UNNEST(CAST(:subjects AS VARCHAR ARRAY)) AS s (code) CROSS JOIN %s
          JOIN effect_reasons r ON r.account_id = a.account AND r.subject = s.code"""
            .formatted(AccountCondition.EACH);
  }

  /** Whether there is nothing but what is {@code main}'s. */
  private static boolean isOfMain(Scope scope, KnownAccounts known) {
    return scope.isEverything() && known.isMainAlone();
  }

  /** Binds the accounts that {@link #reasons} names. */
  static <T extends SqlStatement<T>> T bindAccounts(T statement, Scope scope, KnownAccounts known) {
    return isOfMain(scope, known)
        ? statement
        : statement.bindArray(
            "accounts", Long.class, scope.isEverything() ? known.ids() : scope.accountIds());
  }

  /** What a statement that names its effects otherwise has to say besides; empty for everything. */
  static String seenBy(Scope scope) {
    return scope.isEverything()
        ? ""
        : " AND " + AccountCondition.of("account_id", scope.accountIds());
  }

  /** Conditions to follow {@code WHERE}; never empty. */
  String conditions() {
    List<String> all = new ArrayList<>();
    all.add("1 = 1");
    EffectState state = filter.state();
    if (state != null && isNarrow()) {
      // Not as the index has it, or H2 would read all in that state and not the few.
      all.add("LOWER(state) = '" + state.code() + "'");
    } else if (state != null) {
      // A word in the text, because the planner has to know that it is in the partial index.
      all.add("state = '" + state.code() + "'");
    }
    EffectKind kind = filter.kind();
    if (kind != null && (kind == EffectKind.TAG || isNarrow())) {
      // Nearly all are tags: the newest of all are looked through, or the few.
      all.add("kind = '" + kind.code() + "'");
    } else if (kind != null && isOfMain(scope, known)) {
      all.add("account_id = %d AND kind = '%s'".formatted(Place.MAIN_ACCOUNT, kind.code()));
    } else if (kind != null) {
      all.add(
          "id IN (SELECT k.id FROM %s JOIN effects k ON k.account_id = a.account AND k.kind = '%s')"
              .formatted(AccountCondition.EACH, kind.code()));
    }
    if (rows != null) {
      all.add(rows.condition());
    }
    if (filter.subjects() != null) {
      all.add("id IN (SELECT r.effect_id FROM " + reasons(scope, known) + ")");
    }
    return String.join(" AND ", all);
  }

  /** Whether subjects or small accounts find the few that are meant. */
  private boolean isNarrow() {
    return filter.subjects() != null || (rows != null && rows.areFew());
  }

  /**
   * The id, to be compared with bounds. Not as the index has it where few are meant, or H2 would
   * read all ids between the bounds.
   */
  String id() {
    return isNarrow() ? "id + 0" : "id";
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
    return filter.state() != null && !isNarrow();
  }

  /** Binds the values that {@link #conditions()} name. */
  <T extends SqlStatement<T>> T bind(T statement) {
    Set<Subject> subjects = filter.subjects();
    boolean asksKind = filter.kind() != null && filter.kind() != EffectKind.TAG && !isNarrow();
    T bound = subjects != null || asksKind ? bindAccounts(statement, scope, known) : statement;
    return subjects == null
        ? bound
        : bound.bindArray("subjects", String.class, subjects.stream().map(Subject::code).toList());
  }
}
