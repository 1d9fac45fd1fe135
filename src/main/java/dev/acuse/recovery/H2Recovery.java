package dev.acuse.recovery;

import dev.acuse.process.Failures;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.file.PageCheck;
import dev.acuse.recovery.journal.JournalReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before the H2 file is used: finds out whether it is broken, and if so has a new one made and put
 * in its place. The broken one is kept, and never written to. Whenever this is killed, the next one
 * goes on.
 */
public final class H2Recovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2Recovery.class);

  private static final long SECOND_HEADER = 4_096;
  private static final String HEADER = "H:2,";

  /** So many short lives in a row have a cause, which may be a page of the file. */
  private static final int SUSPICIOUS = 3;

  private final H2Files files;
  private final H2Access access;
  private final InstantSource clock;
  private final int maxAttempts;
  private final ShortLives lives;
  private boolean opened;

  /**
   * @param clock of the process, for the database has none yet
   * @param maxAttempts of events that are put back
   */
  public H2Recovery(H2Files files, H2Access access, InstantSource clock, int maxAttempts) {
    this.files = files;
    this.access = access;
    this.clock = clock;
    this.maxAttempts = maxAttempts;
    this.lives = new ShortLives(files);
  }

  /**
   * Makes a new file of a broken one; does nothing if it is whole, in use, or cannot be opened by
   * this name, password or key.
   *
   * @return whether H2 has opened it by them, so that none of them is wrong
   * @throws SetupException if it is broken, and no new one can be made now
   */
  public boolean rebuildIfBroken() {
    try {
      putInPlace();
      String reason = reason();
      if (reason != null) {
        rebuild(reason);
      }
      return opened;
    } catch (IOException | SQLException e) {
      throw new SetupException(
          "the H2 file "
              + files.data()
              + " of database.url (DATABASE_URL) is broken, and no new one can be made: "
              + e.getMessage(),
          e);
    }
  }

  private void rebuild(String reason) throws IOException, SQLException {
    try (FileChannel lock =
        PrivateFiles.open(
            files.lock(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      if (!isLocked(lock)) {
        throw new IOException("another process uses it");
      }
      LOGGER.error(
          "the H2 file {} is broken ({}): a new one is made of what can be read and of the journal",
          files.data(),
          reason);
      RebuildAttempts attempts = RebuildAttempts.begin(lock);
      if (attempts.before() > 0) {
        LOGGER.warn(
            "{} attempts before this one were cut off: does something end the process while it"
                + " works, or is its memory too small?",
            attempts.before());
      }
      try {
        new Rebuild(files, access, clock, maxAttempts).run(attempts);
      } catch (IOException | SQLException | RuntimeException e) {
        attempts.failed(e);
        throw e;
      }
      putInPlace();
      lives.lived();
      opened = true;
    }
    Files.deleteIfExists(files.lock());
  }

  /** Why the file needs to be made anew; null if it doesn't. */
  private @Nullable String reason() throws IOException {
    Path data = files.data();
    if (!Files.exists(data)) {
      return new JournalReader(files.journal()).segments().isEmpty() ? null : "it is not there";
    }
    // Before H2 is asked: of a file that it fails to open it may keep the lock.
    if (isInUse()) {
      return null;
    }
    if (BrokenMark.isThere(files)) {
      return "a process found it so";
    }
    if (SmallFile.is(data)) {
      return "it has " + Files.size(data) + " bytes";
    }
    long shortLives = lives.begin();
    if (shortLives > 0 && shortLives % SUSPICIOUS == 0) {
      LOGGER.warn(
          "{} processes in a row have ended soon and without order: the pages of the H2 file are"
              + " looked at before it is opened",
          shortLives);
      String impossible = impossible();
      if (impossible != null) {
        return impossible;
      }
    }
    return reasonOfH2();
  }

  /**
   * Why H2 would run out of memory over it; null if it would not. From then on the file is marked,
   * because an attempt to read it may die of just that.
   */
  private @Nullable String impossible() throws IOException {
    String impossible = access.isEncrypted() ? null : PageCheck.impossible(files.data());
    if (impossible != null) {
      BrokenMark.leave(files);
    }
    return impossible;
  }

  /**
   * This process has used the file for a good while, or ends in order: how soon others before it
   * have ended is forgotten.
   */
  public void lived() {
    try {
      lives.lived();
    } catch (IOException e) {
      LOGGER.warn("the next starts look at the pages of the H2 file first: {}", e.toString());
    }
  }

  private @Nullable String reasonOfH2() throws IOException {
    try (Connection connection = access.openToRead(files.base());
        Statement statement = connection.createStatement()) {
      opened = true;
      List<String> tables = tables(statement);
      // Seen with 2.5.252: it leaves out, without a word, a table whose last page takes all memory.
      boolean isShort = !tables.isEmpty() && !tables.containsAll(Rebuild.HISTORY);
      String impossible = isShort ? impossible() : null;
      if (impossible != null) {
        return impossible;
      }
      for (String table : tables) {
        statement.executeQuery("SELECT MIN(_ROWID_), MAX(_ROWID_) FROM " + table).close();
      }
      return null;
    } catch (SQLException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      if (Failures.any(e, H2Corruption::saysOutOfMemory)) {
        String impossible = impossible();
        FatalErrors.haltOn(impossible == null ? e : null);
        return impossible;
      }
      boolean isBroken = opened && H2Corruption.isCauseThoughKeyFits(e);
      if (isBroken || H2Corruption.isCauseAtOpen(e) || !hasHeader()) {
        LOGGER.debug("the H2 file does not open", e);
        return String.valueOf(e.getMessage());
      }
      // Let what opens it in earnest say what is wrong.
      LOGGER.debug("the H2 file could not be looked at", e);
      return null;
    }
  }

  /** A file of H2's that does not open may be of another version; anything else is none. */
  private boolean hasHeader() {
    if (access.isEncrypted()) {
      return true;
    }
    try (FileChannel file = FileChannel.open(files.data(), StandardOpenOption.READ)) {
      var head = ByteBuffer.allocate(HEADER.length());
      file.read(head, 0);
      boolean first = HEADER.equals(new String(head.array(), StandardCharsets.ISO_8859_1));
      head.clear();
      file.read(head, SECOND_HEADER);
      return first || HEADER.equals(new String(head.array(), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      LOGGER.debug("the H2 file could not be read", e);
      return true;
    }
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = 'PUBLIC' AND table_type = 'BASE TABLE'
            """)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  private boolean isInUse() throws IOException {
    try (FileChannel file =
        FileChannel.open(files.data(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return !isLocked(file);
    }
  }

  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** A new file that is whole takes the place of the broken one. */
  private void putInPlace() throws IOException {
    if (Files.exists(files.finished())) {
      new Replacement(files, clock).run();
    }
  }

  /**
   * Puts back what the journal holds and the open file doesn't: H2 may have opened it as it was a
   * while ago, without a word. To be called before anything works on it.
   *
   * @param jdbi of the file, whose schema is up to date
   * @throws UncheckedIOException if the journal cannot be read
   */
  public void putBack(Jdbi jdbi) {
    try {
      new RolledBack(files, jdbi, clock, maxAttempts).putBack();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
