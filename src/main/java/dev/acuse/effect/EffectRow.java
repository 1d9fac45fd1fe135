package dev.acuse.effect;

import dev.acuse.database.Timestamps;
import dev.acuse.event.EffectKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * What decides about a row of {@code effects}, as it stands under its lock.
 *
 * @param eventId the event of the present generation, or of the one before while that is open
 */
record EffectRow(
    long id,
    long accountId,
    String kind,
    String target,
    String name,
    Wanted wanted,
    long generation,
    long doneGeneration,
    EffectState state,
    @Nullable Long eventId,
    Instant updatedAt) {

  static final String COLUMNS =
      "id, account_id, kind, target, name, wanted, generation, done_generation, state, event_id,"
          + " updated_at";

  static final RowMapper<EffectRow> MAPPER = (row, context) -> of(row);

  private static EffectRow of(ResultSet row) throws SQLException {
    return new EffectRow(
        row.getLong("id"),
        row.getLong("account_id"),
        row.getString("kind"),
        row.getString("target"),
        row.getString("name"),
        Wanted.of(row.getString("wanted")),
        row.getLong("generation"),
        row.getLong("done_generation"),
        EffectState.of(row.getString("state")),
        row.getObject("event_id", Long.class),
        Timestamps.of(row, "updated_at"));
  }

  EffectKey key() {
    return new EffectKey(id, generation);
  }

  /** Whether a person or a finding may have it worked off once more. */
  boolean mayBeArmed() {
    return wanted == Wanted.PRESENT && state.mayBeRetried();
  }
}
