package dev.acuse.recovery.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.db.ValueDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.value.Value;

/** Reads what stands in pages, by H2's own data types, but looks at each length first. */
final class H2Rows {
  /**
   * One row.
   *
   * @param key under which H2 keeps it
   */
  record Row(long key, List<Value> values) {}

  private final ValueDataType values = new ValueDataType();

  /**
   * The rows of a table's page, if it holds just these: else it is of a table that had this number
   * before, and is told apart by that.
   */
  List<Row> rows(ByteBuffer content, int entries, int columns) {
    List<Long> keys = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      keys.add(LongDataType.INSTANCE.read(content));
    }
    boolean versioned = content.get() != 0;
    List<Row> rows = new ArrayList<>();
    for (long key : keys) {
      int copies = versioned ? copies(content) : 1;
      for (int copy = 0; copy < copies; copy++) {
        List<Value> read = values(content, columns);
        if (copy == 0) {
          rows.add(new Row(key, read));
        }
      }
    }
    return content.hasRemaining() ? List.of() : rows;
  }

  /** What a transaction that was under way has changed stands before what it was. */
  private static int copies(ByteBuffer content) {
    long operation = DataUtils.readVarLong(content);
    return operation == 0 ? 1 : Integer.bitCount(content.get() & 3);
  }

  /** The keys of an index's page: each has the number of its row before its values. */
  void keys(ByteBuffer content, int entries, int indexed) {
    for (int i = 0; i < entries; i++) {
      DataUtils.readVarLong(content);
      values(content, indexed);
    }
  }

  private List<Value> values(ByteBuffer content, int count) {
    List<Value> read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      H2Lengths.check(content);
      read.add(values.read(content));
    }
    return read;
  }

  /** The names, and behind them the values, of a page of H2's own. */
  static List<String> texts(ByteBuffer content, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = DataUtils.readVarInt(content);
      if (length > content.remaining()) {
        throw new ImpossibleLengthException("no name has " + length + " characters");
      }
      if (length < 0) {
        throw new IllegalStateException("no name is so long");
      }
      texts.add(DataUtils.readString(content, length));
    }
    return texts;
  }
}
