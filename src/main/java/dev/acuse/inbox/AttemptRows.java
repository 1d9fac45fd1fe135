package dev.acuse.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.acuse.database.Timestamps;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.AttemptStep;
import dev.acuse.event.Scope;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** How rows of {@code webhook_attempts} are read. */
final class AttemptRows {
  private static final RowMapper<Attempt> MAPPER =
      (row, context) -> {
        int httpStatus = row.getInt("http_status");
        boolean answered = !row.wasNull();
        return new Attempt(
            row.getLong("event_id"),
            row.getLong("number"),
            row.getString("worker"),
            Timestamps.of(row, "started_at"),
            Timestamps.of(row, "finished_at"),
            AttemptOutcome.of(row.getString("outcome")),
            row.getString("error_kind"),
            row.getString("error"),
            answered ? httpStatus : null,
            steps(row.getString("steps")),
            Reasons.read(row.getString("reason"), row.getString("reason_args")));
      };

  private AttemptRows() {}

  /** The attempts of an event, in order; none if the scope does not see it. */
  static List<Attempt> of(Handle handle, Scope scope, long eventId) {
    String ifSeen =
        scope.isEverything()
            ? ""
            : " AND EXISTS (SELECT 1 FROM webhook_events WHERE id = :eventId"
                + EventRows.seenBy(scope)
                + ")";
    return handle
        .createQuery(
            """
            SELECT event_id, number, worker, started_at, finished_at, outcome, error_kind,
              error, http_status, steps, reason, reason_args
            FROM webhook_attempts WHERE event_id = :eventId%s ORDER BY number
            """
                .formatted(ifSeen))
        .bind("eventId", eventId)
        .map(MAPPER)
        .list();
  }

  private static List<AttemptStep> steps(String json) {
    try {
      return EventDao.JSON.readValue(json, new TypeReference<List<AttemptStep>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the steps of an attempt are not readable", e);
    }
  }
}
