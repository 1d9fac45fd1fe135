package dev.acuse.recovery;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.Schema;
import dev.acuse.database.h2.H2Identities;
import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.process.PrivateFiles;
import dev.acuse.recovery.file.PageSalvage;
import dev.acuse.recovery.file.SqlSalvage;
import dev.acuse.recovery.journal.JournalReader;
import dev.acuse.recovery.journal.JournalReplay;
import dev.acuse.recovery.journal.Watermark;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a new H2 file of a broken one and of the journal. Whatever it has begun it begins anew. */
final class Rebuild {
  private static final Logger LOGGER = LoggerFactory.getLogger(Rebuild.class);

  /** What old pages may tell of: history, where a row that was deleted since does no harm. */
  static final Set<String> HISTORY =
      Set.of(
          "CHECKOUTS",
          "PAYMENTS",
          "CRM_TAGS",
          "WEBHOOK_EVENTS",
          "WEBHOOK_ATTEMPTS",
          "OPERATOR_ACTIONS",
          "INTAKE_RUNS");

  /** The same of what is told of as lost, unless H2 itself could read it. */
  private static final Set<String> ACCOUNTS = Set.of("ACCOUNTS", "APPLICATIONS");

  private final H2Files files;
  private final H2Access access;
  private final InstantSource clock;
  private final int maxAttempts;

  Rebuild(H2Files files, H2Access access, InstantSource clock, int maxAttempts) {
    this.files = files;
    this.access = access;
    this.clock = clock;
    this.maxAttempts = maxAttempts;
  }

  /**
   * When it returns, the new file is durable and has its name.
   *
   * @param attempts knows where those before have ended, and how much may still be asked of the
   *     broken file
   */
  void run(RebuildAttempts attempts) throws IOException, SQLException {
    Files.deleteIfExists(files.unfinished());
    PrivateFiles.prepare(files.unfinished());
    Instant now = clock.instant();
    RebuildReport report;
    try (Connection connection = access.open(files.unfinishedBase())) {
      report = fill(connection, now, attempts);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      }
    }
    sync(files.unfinished());
    Path folder = Objects.requireNonNull(files.data().getParent(), "a file is in a folder");
    write(report);
    Files.move(files.unfinished(), files.finished(), StandardCopyOption.ATOMIC_MOVE);
    SpoolSegment.syncFolder(folder);
    LOGGER.error("{}", report.text());
  }

  private void write(RebuildReport report) throws IOException {
    PrivateFiles.prepare(files.report());
    Files.writeString(files.report(), report.text() + "\n", StandardCharsets.UTF_8);
    sync(files.report());
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private RebuildReport fill(Connection connection, Instant now, RebuildAttempts attempts)
      throws IOException, SQLException {
    // The session that makes the tables stays: see Database on what H2 compares by it.
    var one = new OneConnection(connection);
    new Schema(one).migrate();
    Jdbi jdbi = Jdbi.create(one).installPlugin(new AcuseJdbiPlugin());
    jdbi.useHandle(handle -> handle.execute("SET REFERENTIAL_INTEGRITY FALSE"));
    var rows = new RebuiltRows(connection, now);
    Set<String> whole = new HashSet<>();
    boolean complete = read(rows, attempts, whole);
    attempts.read();
    rows.end();
    H2Identities.repair(jdbi);
    var replay = new JournalReplay(jdbi, clock, maxAttempts);
    new JournalReader(files.journal()).read(replay);
    replay.finish();
    References.mend(jdbi);
    if (!whole.containsAll(ACCOUNTS)) {
      References.accountsAreLost(jdbi);
    }
    jdbi.useHandle(handle -> handle.execute("SET REFERENTIAL_INTEGRITY TRUE"));
    Watermark.moveBack(jdbi, now.minus(complete ? Watermark.LEAST : Watermark.ALL));
    return RebuildReport.of(jdbi, now, complete, rows, replay);
  }

  /**
   * Whether all that the file is known to hold could be read.
   *
   * @param whole gets the tables of which H2 has read each row
   */
  private boolean read(RebuiltRows rows, RebuildAttempts attempts, Set<String> whole) {
    if (!Files.exists(files.data())) {
      return false;
    }
    boolean complete = attempts.maySql() && readBySql(rows, attempts, whole);
    if (!complete && attempts.mayPages() && !access.isEncrypted()) {
      try {
        Set<String> wanted = new HashSet<>(HISTORY);
        wanted.addAll(ACCOUNTS);
        PageSalvage.read(files.data(), wanted, rows, attempts::pages);
      } catch (IOException e) {
        LOGGER.error("the broken file cannot be read: what is there is from the journal", e);
      }
    }
    return complete;
  }

  private boolean readBySql(RebuiltRows rows, RebuildAttempts attempts, Set<String> whole) {
    if (SmallFile.is(files.data())) {
      return false;
    }
    attempts.sql("open");
    boolean complete = true;
    try (SqlSalvage salvage = salvage(rows, attempts)) {
      for (String table : rows.tables()) {
        if (salvage != null && salvage.read(table)) {
          whole.add(table);
        } else {
          complete = false;
        }
      }
    }
    return complete;
  }

  private @Nullable SqlSalvage salvage(RebuiltRows rows, RebuildAttempts attempts) {
    try {
      return new SqlSalvage(() -> access.openToRead(files.base()), rows, attempts::sql);
    } catch (SQLException | RuntimeException | StackOverflowError e) {
      LOGGER.warn("H2 does not open the broken file: {}", e.toString());
      return null;
    }
  }
}
