package dev.acuse.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a {@code TIMESTAMP WITH TIME ZONE}; see {@link AcuseJdbiPlugin} for why so. */
public final class Timestamps {
  private Timestamps() {}

  /** The time in a column that is never null. */
  public static Instant of(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(orNull(row, column), column);
  }

  /** The time in a column. */
  public static @Nullable Instant orNull(ResultSet row, String column) throws SQLException {
    return instant(row.getObject(column, OffsetDateTime.class));
  }

  static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
