package dev.acuse.inbox;

import dev.acuse.database.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A lease that has run out.
 *
 * @param claimNos by the id of each event that it was made for, ended or not
 */
record ExpiredLease(long id, String owner, Instant claimedAt, Map<Long, Long> claimNos) {
  static final RowMapper<ExpiredLease> MAPPER = (row, context) -> map(row);

  private static ExpiredLease map(ResultSet row) throws SQLException {
    List<Long> ids = HeldLeases.longs(row, "event_ids");
    List<Long> claimNos = HeldLeases.longs(row, "claim_nos");
    var byId = new HashMap<Long, Long>();
    for (int i = 0; i < ids.size(); i++) {
      byId.put(ids.get(i), claimNos.get(i));
    }
    return new ExpiredLease(
        row.getLong("id"), row.getString("owner"), Timestamps.of(row, "claimed_at"), byId);
  }
}
