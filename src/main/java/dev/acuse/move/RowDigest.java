package dev.acuse.move;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a table has, and the sum of their SHA-256 digests: the same for the same rows in
 * whatever order, because two engines order texts differently.
 *
 * @param sum in hex
 */
record RowDigest(long rows, String sum) {
  private static final int FETCH = 200;

  /** Of a table's rows, in either database. */
  static RowDigest of(Connection connection, MovedTable table) throws SQLException {
    MessageDigest sha256 = sha256();
    long[] sum = new long[4];
    long rows = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet row = statement.executeQuery(table.select())) {
        while (row.next()) {
          rows++;
          add(sum, digest(sha256, table.columns(), row));
        }
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * sum.length);
    for (long part : sum) {
      bytes.putLong(part);
    }
    return new RowDigest(rows, HexFormat.of().formatHex(bytes.array()));
  }

  /** Of the row that is read now, in hex. */
  static String of(ResultSet row, MovedTable table) throws SQLException {
    return HexFormat.of().formatHex(digest(sha256(), table.columns(), row));
  }

  private static void add(long[] sum, byte[] digest) {
    ByteBuffer parts = ByteBuffer.wrap(digest);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += parts.getLong();
    }
  }

  private static byte[] digest(MessageDigest sha256, List<MovedTable.Column> columns, ResultSet row)
      throws SQLException {
    int number = 0;
    for (MovedTable.Column column : columns) {
      number++;
      @Nullable Object value = column.kind().read(row, number);
      byte[] bytes = value == null ? new byte[0] : column.kind().canonical(value);
      sha256.update(
          ByteBuffer.allocate(Integer.BYTES).putInt(value == null ? -1 : bytes.length).array());
      sha256.update(bytes);
    }
    return sha256.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
