package dev.acuse.recovery;

import dev.acuse.recovery.H2Chunk.Leaf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.db.ValueDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of an H2 file that does not open, or not all of which can be reached: page by
 * page, the newest first, by H2's own data types. What was deleted since may come along.
 */
final class PageSalvage {
  private static final Logger LOGGER = LoggerFactory.getLogger(PageSalvage.class);

  /** Maps of H2's own: where the others are, and what they are called. */
  private static final int LAST_MAP_OF_NAMES = 1;

  private static final String TABLE = "name.table.";
  private static final String CATALOGUE = "0";
  private static final int CATALOGUE_COLUMNS = 4;
  private static final Pattern CREATE =
      Pattern.compile("^CREATE CACHED TABLE \"PUBLIC\"\\.\"([A-Z_0-9]+)\"\\(");
  private static final Pattern COLUMN = Pattern.compile("(?m)^\\s*\"([A-Z_0-9]+)\" ");
  private static final int PROGRESS = 1_000;

  private record Table(String name, List<String> columns) {}

  private record Row(long key, List<Value> values) {}

  /** Is told how far it has come. */
  @FunctionalInterface
  interface Progress {
    /**
     * A chunk is about to be read.
     *
     * @param what is looked for
     * @param start where it lies in the file
     */
    void chunk(String what, long start);
  }

  private final Progress progress;
  private final ValueDataType values = new ValueDataType();
  private final Map<Integer, String> tableIds = new HashMap<>();
  private final Map<String, Table> tables = new TreeMap<>();

  private PageSalvage(Progress progress) {
    this.progress = progress;
  }

  /**
   * Reads what there is.
   *
   * @param wanted the tables, in capital letters
   * @param progress told of each chunk before it is read
   */
  static void read(Path path, Set<String> wanted, RowSink sink, Progress progress)
      throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      List<H2Chunk> chunks = H2Chunk.of(file);
      var salvage = new PageSalvage(progress);
      salvage.names(file, chunks);
      salvage.catalogue(file, chunks);
      LOGGER.info("the pages of {} chunks are read one by one", chunks.size());
      salvage.rows(file, chunks, wanted, sink);
    }
  }

  private void names(FileChannel file, List<H2Chunk> chunks) throws IOException {
    each(file, chunks, "names", this::readNames);
  }

  private void readNames(Leaf leaf) {
    if (leaf.mapId() > LAST_MAP_OF_NAMES) {
      return;
    }
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < 2 * leaf.entries(); i++) {
      int length = DataUtils.readVarInt(leaf.content());
      if (length < 0 || length > leaf.content().remaining()) {
        throw new IllegalStateException("no name is so long");
      }
      entries.add(DataUtils.readString(leaf.content(), length));
    }
    for (int i = 0; i < leaf.entries(); i++) {
      if (entries.get(i).startsWith(TABLE)) {
        tableIds.putIfAbsent(
            Integer.parseInt(entries.get(leaf.entries() + i), 16),
            entries.get(i).substring(TABLE.length()));
      }
    }
  }

  private void catalogue(FileChannel file, List<H2Chunk> chunks) throws IOException {
    each(
        file,
        chunks,
        "catalogue",
        leaf -> {
          if (CATALOGUE.equals(tableIds.get(leaf.mapId()))) {
            readRows(leaf, CATALOGUE_COLUMNS).forEach(row -> readCatalogue(row.values()));
          }
        });
  }

  private void readCatalogue(List<Value> row) {
    String sql = row.get(CATALOGUE_COLUMNS - 1).getString();
    Matcher create = CREATE.matcher(String.valueOf(sql));
    if (create.find()) {
      List<String> columns = new ArrayList<>();
      Matcher column = COLUMN.matcher(sql.substring(create.end()));
      while (column.find()) {
        columns.add(column.group(1));
      }
      tables.putIfAbsent(
          String.valueOf(row.get(0).getInt()), new Table(create.group(1), List.copyOf(columns)));
    }
  }

  private void rows(FileChannel file, List<H2Chunk> chunks, Set<String> wanted, RowSink sink)
      throws IOException {
    each(
        file,
        chunks,
        "rows",
        leaf -> {
          Table table = tables.get(String.valueOf(tableIds.get(leaf.mapId())));
          if (table != null && wanted.contains(table.name())) {
            for (Row row : readRows(leaf, table.columns().size())) {
              if (isOf(table, row)) {
                sink.row(table.name(), named(table, row.values()));
              }
            }
          }
        });
  }

  private void each(FileChannel file, List<H2Chunk> chunks, String what, Consumer<Leaf> reader)
      throws IOException {
    int done = 0;
    for (H2Chunk chunk : chunks) {
      progress.chunk(what, chunk.start());
      chunk.leaves(file, reader);
      done++;
      if (done % PROGRESS == 0) {
        LOGGER.info("{} of {} chunks are read", done, chunks.size());
      }
    }
  }

  /**
   * The rows of a page, if it holds just these: else it is of a table that had this number before,
   * and is told apart by that.
   */
  private List<Row> readRows(Leaf leaf, int columns) {
    ByteBuffer content = leaf.content();
    List<Long> keys = new ArrayList<>();
    for (int i = 0; i < leaf.entries(); i++) {
      keys.add(LongDataType.INSTANCE.read(content));
    }
    boolean versioned = content.get() != 0;
    List<Row> rows = new ArrayList<>();
    for (long key : keys) {
      int copies = versioned ? copies(content) : 1;
      for (int copy = 0; copy < copies; copy++) {
        List<Value> read = readRow(leaf, columns);
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

  private List<Value> readRow(Leaf leaf, int columns) {
    List<Value> row = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      H2Lengths.check(leaf.content());
      row.add(values.read(leaf.content()));
    }
    return row;
  }

  /** H2 keeps a row under its id, where that is a number. */
  private static boolean isOf(Table table, Row row) {
    int id = table.columns().indexOf("ID");
    return id < 0 || row.values().get(id).getLong() == row.key();
  }

  private static Map<String, @Nullable Object> named(Table table, List<Value> row) {
    Map<String, @Nullable Object> named = new HashMap<>();
    for (int i = 0; i < row.size(); i++) {
      named.put(table.columns().get(i), object(row.get(i)));
    }
    return named;
  }

  /** Bytes, or what H2 makes the column's type of. */
  private static @Nullable Object object(Value value) {
    int type = value.getValueType();
    if (type == Value.NULL) {
      return null;
    }
    return type == Value.VARBINARY || type == Value.BINARY ? value.getBytes() : value.getString();
  }
}
