package dev.acuse.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.recovery.file.H2Chunk;
import dev.acuse.support.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.api.ErrorCode;
import org.h2.compress.CompressDeflate;
import org.h2.message.DbException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.Page;
import org.h2.mvstore.type.MetaType;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2CorruptionTest {
  private static final int ROWS = 4_000;
  private static final long NO_CHUNK = 0x2_aaaaL << 38;
  private static final int MOST_CHILDREN = 1_000;

  @TempDir private Path folder;

  @Test
  void indexThatLeadsNowhereIsFoundByABatchOfInserts() throws Exception {
    H2Files files = new H2Files(folder.resolve("t"));
    fill(files);
    leadIndexesNowhere(files);

    // Jdbi shows its logger a batch's failure before it adds those of the rows.
    var shown = new AtomicReference<Throwable>();
    Jdbi jdbi = jdbi(files);
    jdbi.setSqlLogger(
        new SqlLogger() {
          @Override
          public void logException(StatementContext context, SQLException failure) {
            shown.compareAndSet(null, failure);
          }
        });
    try (Handle handle = jdbi.open()) {
      assertThatThrownBy(() -> insert(handle)).isInstanceOf(RuntimeException.class);
    }

    assertThat(shown.get()).isInstanceOf(BatchUpdateException.class);
    assertThat(H2Corruption.isCauseOf(shown.get())).isTrue();
  }

  @Test
  void failureThatOnlyStandsBesideAnotherCounts() {
    var batch = new BatchUpdateException("check", "23514", new int[0]);
    batch.setNextException(corruption(DataUtils.ERROR_CHUNK_NOT_FOUND));
    var suppressing = new IllegalStateException();
    suppressing.addSuppressed(corruption(DataUtils.ERROR_FILE_CORRUPT));

    assertThat(H2Corruption.isCauseOf(new RuntimeException(batch))).isTrue();
    assertThat(H2Corruption.isCauseOf(suppressing)).isTrue();
    assertThat(H2Corruption.isCauseAtOpen(suppressing)).isTrue();
  }

  @Test
  void otherTroubleBesideItDoesNotHideIt() {
    SQLException failure = corruption(DataUtils.ERROR_CHUNK_NOT_FOUND);
    failure.addSuppressed(new IOException("while it was closed"));

    assertThat(H2Corruption.isCauseOf(failure)).isTrue();
    assertThat(
            H2Corruption.isCauseOf(
                new SQLException(new IOException(corruption(DataUtils.ERROR_FILE_CORRUPT)))))
        .as("a disk that does not read makes pages of nonsense")
        .isFalse();
  }

  @Test
  void typeThatThereIsNotIsJunkInTheFileButAClassOfTheSettingsIsNot() {
    var junk = ByteBuffer.wrap("\u001dorg.h2.mvstore.db.RowDxxaType".getBytes(US_ASCII));
    var type = new MetaType<Object>(null, (thread, failure) -> {});

    assertThatThrownBy(() -> type.read(junk)).matches(H2Corruption::isCauseOf);
    assertThat(
            H2Corruption.isCauseOf(
                new SQLException("", "", 90_086, new ClassNotFoundException("my.Listener"))))
        .isFalse();
  }

  @Test
  void pageThatCannotBeExpandedIsJunk() {
    byte[] junk = {7, 7, 7, 7, 7, 7};
    byte[] page = new byte[64];

    assertThatThrownBy(() -> new CompressDeflate().expand(junk, 0, junk.length, page, 0, 64))
        .matches(H2Corruption::isCauseOf)
        .matches(failure -> H2Corruption.isCauseOf(DbException.convert(failure)));
  }

  @Test
  void whateverTheReadingOfAPageMeetsIsJunk() {
    var failure = new ArrayIndexOutOfBoundsException();
    assertThat(H2Corruption.isCauseOf(failure)).isFalse();

    failure.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.h2.compress.CompressLZF", "expand", "", 1),
          new StackTraceElement(Page.class.getName(), "read", "", 1)
        });

    assertThat(H2Corruption.isCauseOf(failure)).isTrue();
    assertThat(H2Corruption.isCauseOf(DbException.convert(failure))).isTrue();
  }

  @Test
  void failuresThatHoldEachOtherEnd() {
    var one = new SQLException("one");
    var other = new SQLException("other");
    one.setNextException(other);
    other.addSuppressed(one);
    other.initCause(one);

    assertThat(H2Corruption.isCauseOf(one)).isFalse();
  }

  @Test
  void wrongKeyIsABrokenPageOnceTheKeyHasOpenedTheFile() {
    H2Files files = new H2Files(folder.resolve("t"));
    var ended = new AtomicInteger();
    var mark = new BrokenMark(files, ended::incrementAndGet);
    var batch = new BatchUpdateException("batch", "90049", new int[0]);
    batch.setNextException(wrongKey(DataUtils.ERROR_FILE_CORRUPT));

    assertThat(mark.note(batch)).as("it may be the key").isFalse();
    mark.keyFits();
    assertThat(mark.note(wrongKey(DataUtils.ERROR_READING_FAILED))).isFalse();
    assertThat(mark.note(batch)).isTrue();
    assertThat(ended).hasValue(1);
    assertThat(files.mark()).exists();
  }

  private static SQLException wrongKey(int code) {
    return DbException.get(
            ErrorCode.FILE_ENCRYPTION_ERROR_1, DataUtils.newMVStoreException(code, "junk"), "t")
        .getSQLException();
  }

  @Test
  void fileThatAWrongKeyDoesNotOpenIsLeftAlone() {
    H2Files files = new H2Files(folder.resolve("t"));
    Jdbi.create(url(files), "sa", "key word")
        .useHandle(handle -> handle.execute("CREATE TABLE t (id INTEGER)"));

    assertThat(recovery(files, "wrong word").rebuildIfBroken()).isFalse();
    assertThat(recovery(files, "key wrong").rebuildIfBroken()).isFalse();
    assertThat(recovery(files, "key word").rebuildIfBroken()).isTrue();
    assertThat(files.report()).doesNotExist();
  }

  private static String url(H2Files files) {
    return "jdbc:h2:file:" + files.base() + ";MODE=PostgreSQL;CIPHER=AES";
  }

  private static H2Recovery recovery(H2Files files, String password) {
    return new H2Recovery(
        files, new H2Access(url(files), "sa", password, Map.of()), ManualClock.create(), 4);
  }

  private static SQLException corruption(int code) {
    SQLException failure =
        DbException.convert(DataUtils.newMVStoreException(code, "junk")).getSQLException();
    assertThat(failure.getErrorCode()).isEqualTo(ErrorCode.GENERAL_ERROR_1);
    return failure;
  }

  private static Jdbi jdbi(H2Files files) {
    return Jdbi.create("jdbc:h2:file:" + files.base() + ";WRITE_DELAY=0", "sa", "");
  }

  private static void fill(H2Files files) {
    // The file is closed with its last connection.
    jdbi(files)
        .useHandle(
            handle -> {
              handle.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, k VARCHAR(100) UNIQUE)");
              handle.execute("INSERT INTO t SELECT x, 'k' || x FROM SYSTEM_RANGE(1, ?)", ROWS);
            });
  }

  private static void insert(Handle handle) {
    PreparedBatch batch = handle.prepareBatch("INSERT INTO t VALUES (:id, :k)");
    for (int i = 1; i <= 3; i++) {
      batch.bind("id", ROWS + i).bind("k", "k" + ROWS + "-" + i).add();
    }
    batch.execute();
  }

  /** Every inner page of an index names children in a chunk that there never was. */
  private static void leadIndexesNowhere(H2Files files) throws IOException {
    Set<Integer> indexes = indexes(files);
    try (FileChannel file =
        FileChannel.open(files.data(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int broken = 0;
      for (H2Chunk chunk : H2Chunk.of(file)) {
        ByteBuffer content =
            file.map(FileChannel.MapMode.READ_WRITE, chunk.start(), chunk.length());
        for (int at = 0; at + 20 < content.limit(); at++) {
          broken += chunk.pageLength(content, at) > 0 && leadNowhere(content, at, indexes) ? 1 : 0;
        }
      }
      assertThat(broken).isPositive();
    }
  }

  private static boolean leadNowhere(ByteBuffer content, int at, Set<Integer> indexes) {
    ByteBuffer page = content.duplicate().position(at + Integer.BYTES + Short.BYTES);
    DataUtils.readVarInt(page);
    int mapId = DataUtils.readVarInt(page);
    int keys = DataUtils.readVarInt(page);
    boolean isNode = (page.get() & 1) == DataUtils.PAGE_TYPE_NODE;
    if (!isNode || !indexes.contains(mapId) || keys < 1 || keys > MOST_CHILDREN) {
      return false;
    }
    for (int child = 0; child <= keys; child++) {
      content.putLong(page.position() + child * Long.BYTES, NO_CHUNK | 2);
    }
    return true;
  }

  private static Set<Integer> indexes(H2Files files) {
    Set<Integer> indexes = new HashSet<>();
    try (MVStore store =
        new MVStore.Builder().fileName(files.data().toString()).readOnly().open()) {
      for (String name : store.getMapNames()) {
        if (name.startsWith("index.")) {
          indexes.add(Integer.parseInt(store.getMetaMap().get(DataUtils.META_NAME + name), 16));
        }
      }
    }
    return indexes;
  }
}
