package dev.acuse.recovery.file;

import dev.acuse.recovery.file.H2Catalogue.Table;
import dev.acuse.recovery.file.H2Rows.Row;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of an H2 file that does not open, or not all of which can be reached: page by
 * page, the newest first, by H2's own data types. What was deleted since may come along.
 */
public final class PageSalvage {
  private static final Logger LOGGER = LoggerFactory.getLogger(PageSalvage.class);

  /** Maps of H2's own: where the others are, and what they are called. */
  private static final int LAST_MAP_OF_NAMES = 1;

  private static final int PROGRESS = 1_000;

  /** Is told how far it has come. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A chunk is about to be read.
     *
     * @param what is looked for
     * @param start where it lies in the file
     */
    void chunk(String what, long start);
  }

  private final Progress progress;
  private final H2Rows pages = new H2Rows();
  private final H2Catalogue catalogue = new H2Catalogue();

  private PageSalvage(Progress progress) {
    this.progress = progress;
  }

  /**
   * Reads what there is.
   *
   * @param wanted the tables, in capital letters
   * @param progress told of each chunk before it is read
   */
  public static void read(Path path, Set<String> wanted, RowSink sink, Progress progress)
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

  private void readNames(H2Page leaf) {
    if (leaf.mapId() > LAST_MAP_OF_NAMES) {
      return;
    }
    List<String> entries = H2Rows.texts(leaf.content(), 2 * leaf.entries());
    for (int i = 0; i < leaf.entries(); i++) {
      catalogue.name(entries.get(i), entries.get(leaf.entries() + i));
    }
  }

  private void catalogue(FileChannel file, List<H2Chunk> chunks) throws IOException {
    each(
        file,
        chunks,
        "catalogue",
        leaf -> {
          if (catalogue.isCatalogue(leaf.mapId())) {
            pages
                .rows(leaf.content(), leaf.entries(), H2Catalogue.COLUMNS)
                .forEach(row -> catalogue.created(row.values()));
          }
        });
  }

  private void rows(FileChannel file, List<H2Chunk> chunks, Set<String> wanted, RowSink sink)
      throws IOException {
    each(
        file,
        chunks,
        "rows",
        leaf -> {
          Table table = catalogue.table(leaf.mapId());
          if (table != null && wanted.contains(table.name())) {
            for (Row row : pages.rows(leaf.content(), leaf.entries(), table.columns().size())) {
              if (isOf(table, row)) {
                sink.row(table.name(), named(table, row.values()));
              }
            }
          }
        });
  }

  private void each(FileChannel file, List<H2Chunk> chunks, String what, Consumer<H2Page> reader)
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
