package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.inbox.EventStore;
import dev.acuse.recovery.file.NewFileException;
import dev.acuse.recovery.file.RowSink;
import dev.acuse.recovery.file.SqlSalvage;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebuildAttemptsTest {
  private static final int MANY = 30;

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init")
  private FileChannel file;

  @BeforeEach
  void open() throws IOException {
    file =
        FileChannel.open(
            folder.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  @Test
  void deathsHereAndThereAreNoReasonToReadLess() throws IOException {
    for (int i = 0; i < MANY; i++) {
      RebuildAttempts attempts = RebuildAttempts.begin(file);
      attempts.sql("open");
      attempts.sql("WEBHOOK_EVENTS " + 32 * i + " 32");
      if (i % 3 == 0) {
        attempts.pages("rows", 4_096L * i);
      }
      if (i % 7 == 0) {
        attempts.read();
      }
    }
    RebuildAttempts next = RebuildAttempts.begin(file);

    assertThat(next.before()).isEqualTo(MANY);
    assertThat(next.maySql()).isTrue();
    assertThat(next.mayPages()).isTrue();
  }

  @Test
  void deathsAtOnePlaceAre() throws IOException {
    for (int i = 0; i < 4; i++) {
      RebuildAttempts attempts = RebuildAttempts.begin(file);
      assertThat(attempts.maySql()).isTrue();
      attempts.sql("open");
      attempts.sql("WEBHOOK_EVENTS 4711 32");
    }
    for (int i = 0; i < 4; i++) {
      RebuildAttempts attempts = RebuildAttempts.begin(file);
      assertThat(attempts.maySql()).isFalse();
      assertThat(attempts.mayPages()).isTrue();
      attempts.pages("rows", 8_192);
    }

    assertThat(RebuildAttempts.begin(file).mayPages()).isFalse();
  }

  @Test
  void diskThatIsFullSaysNothingOfTheBrokenFile() throws IOException {
    for (int i = 0; i < MANY; i++) {
      RebuildAttempts attempts = RebuildAttempts.begin(file);
      attempts.sql("WEBHOOK_EVENTS 4711 32");
      attempts.failed(
          i % 2 == 0
              ? new IOException("No space left on device")
              : new NewFileException(new SQLException("closed", "90098")));
    }

    assertThat(RebuildAttempts.begin(file).before()).isZero();
  }

  @Test
  void failureThatWhatWasReadMayHaveMadeDoes() throws IOException {
    for (int i = 0; i < 8; i++) {
      RebuildAttempts attempts = RebuildAttempts.begin(file);
      assertThat(attempts.maySql()).isEqualTo(i < 4);
      assertThat(attempts.mayPages()).isTrue();
      attempts.read();
      attempts.failed(
          i % 2 == 0
              ? new IllegalArgumentException()
              : new RuntimeException(new SQLIntegrityConstraintViolationException("", "23505")));
    }

    assertThat(RebuildAttempts.begin(file).mayPages()).isFalse();
  }

  @Test
  void newFileThatCannotBeWrittenIsNotTakenForATableThatCannotBeRead() throws Exception {
    RowSink full =
        (table, row) -> {
          throw new NewFileException(new SQLException("closed", "90098"));
        };
    try (TestDatabase database = TestDatabase.open(Engine.H2);
        var salvage = new SqlSalvage(database.dataSource()::getConnection, full, place -> {})) {
      new EventStore(database.jdbi(), ManualClock.create(), 4).append(Events.pending("a"));

      assertThatThrownBy(() -> salvage.read("WEBHOOK_EVENTS")).isInstanceOf(NewFileException.class);
    }
  }
}
