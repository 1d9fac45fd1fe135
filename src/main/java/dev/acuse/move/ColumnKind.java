package dev.acuse.move;

import dev.acuse.process.SetupException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a column holds, by PostgreSQL's name of its type: how a value is read on both engines,
 * written, and made into the bytes by which both are compared.
 */
enum ColumnKind {
  WHOLE,
  DECIMAL,
  TEXT,
  TRUTH,
  TIME,
  BYTES,
  WHOLES;

  /** What PostgreSQL takes instead of NUL and of half a pair, which H2 keeps in a text. */
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * @param type as PostgreSQL's metadata names it
   * @throws SetupException if this version does not know such columns
   */
  static ColumnKind of(String column, String type) {
    return switch (type) {
      case "int2", "int4", "int8", "serial", "bigserial" -> WHOLE;
      case "numeric" -> DECIMAL;
      case "varchar", "text", "bpchar" -> TEXT;
      case "bool" -> TRUTH;
      case "timestamptz" -> TIME;
      case "bytea" -> BYTES;
      case "_int8" -> WHOLES;
      default ->
          throw new SetupException(
              "the column " + column + " is of the type " + type + ", which no move knows");
    };
  }

  /** Reads a value as it will stand in PostgreSQL. */
  @Nullable Object read(ResultSet row, int column) throws SQLException {
    Object value =
        switch (this) {
          case WHOLE -> row.getLong(column);
          case DECIMAL -> row.getBigDecimal(column);
          case TEXT -> portable(row.getString(column));
          case TRUTH -> row.getBoolean(column);
          case TIME -> utc(row.getObject(column, OffsetDateTime.class));
          case BYTES -> row.getBytes(column);
          case WHOLES -> wholes(row.getArray(column));
        };
    return row.wasNull() ? null : value;
  }

  private static @Nullable OffsetDateTime utc(@Nullable OffsetDateTime time) {
    return time == null
        ? null
        : time.withOffsetSameInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }

  private static Long @Nullable [] wholes(@Nullable Array array) throws SQLException {
    return array == null
        ? null
        : Arrays.stream((Object[]) array.getArray())
            .map(one -> ((Number) one).longValue())
            .toArray(Long[]::new);
  }

  /** A text that PostgreSQL can hold; the same one wherever it can. */
  static @Nullable String portable(@Nullable String text) {
    if (text == null
        || text.chars().noneMatch(one -> one == 0 || Character.isSurrogate((char) one))) {
      return text;
    }
    StringBuilder fit = new StringBuilder(text.length());
    text.codePoints()
        .map(
            point ->
                point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                    ? REPLACEMENT
                    : point)
        .forEach(fit::appendCodePoint);
    return fit.toString();
  }

  /** Binds a value that {@link #read} has read. */
  void bind(PreparedStatement statement, int column, @Nullable Object value) throws SQLException {
    if (value == null) {
      statement.setNull(column, sqlType());
    } else if (this == WHOLES) {
      statement.setArray(
          column, statement.getConnection().createArrayOf("bigint", (Object[]) value));
    } else {
      statement.setObject(column, value);
    }
  }

  private int sqlType() {
    return switch (this) {
      case WHOLE -> Types.BIGINT;
      case DECIMAL -> Types.NUMERIC;
      case TEXT -> Types.VARCHAR;
      case TRUTH -> Types.BOOLEAN;
      case TIME -> Types.TIMESTAMP_WITH_TIMEZONE;
      case BYTES -> Types.BINARY;
      case WHOLES -> Types.ARRAY;
    };
  }

  /** The value in bytes, the same of both engines. */
  byte[] canonical(Object value) {
    return switch (this) {
      case BYTES -> (byte[]) value;
      case DECIMAL -> utf8(((BigDecimal) value).stripTrailingZeros().toPlainString());
      case TIME -> {
        OffsetDateTime time = (OffsetDateTime) value;
        yield ByteBuffer.allocate(12).putLong(time.toEpochSecond()).putInt(time.getNano()).array();
      }
      case WHOLES -> utf8(Arrays.toString((Object[]) value));
      case WHOLE, TEXT, TRUTH -> utf8(String.valueOf(value));
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
