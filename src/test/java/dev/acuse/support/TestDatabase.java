package dev.acuse.support;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.Schema;
import dev.acuse.database.h2.H2Url;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Jdbi;

/**
 * A database of a test's own, migrated, on a real engine and in a session time zone that is not
 * UTC. Close it when the test ends.
 */
public final class TestDatabase implements AutoCloseable {
  private final Engine engine;
  private final String url;
  private final Path folder;
  private final boolean drops;
  private final JdbcPool pool;
  private final Jdbi jdbi;
  private final Deque<Path> leftSpools = new ArrayDeque<>();
  private int spools;

  private TestDatabase(Engine engine, String url, Path folder) {
    this(engine, url, folder, engine == Engine.POSTGRESQL);
  }

  private TestDatabase(Engine engine, String url, Path folder, boolean drops) {
    this.engine = engine;
    this.drops = drops;
    this.url = url;
    this.folder = folder;
    this.pool = new JdbcPool(url, user(), password());
    this.jdbi = Jdbi.create(pool.dataSource()).installPlugin(new AcuseJdbiPlugin());
  }

  /** A migrated database. */
  public static TestDatabase open(Engine engine) {
    return switch (engine) {
      case H2 -> {
        Path folder = newFolder();
        MigratedFile.copyTo(h2File(folder));
        yield new TestDatabase(engine, h2Url(folder), folder);
      }
      case POSTGRESQL ->
          new TestDatabase(engine, PostgresServer.instance().newDatabase(), newFolder());
    };
  }

  /** A migrated database of a server that the test starts and stops itself. */
  public static TestDatabase at(String postgresqlUrl) {
    var dataSource = new org.postgresql.ds.PGSimpleDataSource();
    dataSource.setURL(postgresqlUrl);
    new Schema(dataSource).migrate();
    return new TestDatabase(Engine.POSTGRESQL, postgresqlUrl, newFolder(), false);
  }

  /** A migrated H2 database whose file is in this folder. */
  public static TestDatabase openH2In(Path databaseFolder) {
    var database = new TestDatabase(Engine.H2, h2Url(databaseFolder), newFolder());
    new Schema(database.pool.dataSource()).migrate();
    return database;
  }

  /** An H2 database without tables whose file is in this folder. */
  public static TestDatabase openH2Empty(Path databaseFolder) {
    return new TestDatabase(Engine.H2, h2Url(databaseFolder), newFolder());
  }

  /** The same database once more, after {@link #disconnect}; the first is still to be closed. */
  public static TestDatabase reopen(TestDatabase database) {
    return new TestDatabase(database.engine, database.url, newFolder(), false);
  }

  /** A database without tables. */
  public static TestDatabase openEmpty(Engine engine) {
    return switch (engine) {
      case H2 -> {
        Path folder = newFolder();
        yield new TestDatabase(engine, h2Url(folder), folder);
      }
      case POSTGRESQL ->
          new TestDatabase(engine, PostgresServer.instance().newEmptyDatabase(), newFolder());
    };
  }

  private static Path h2File(Path folder) {
    return folder.resolve("acuse.mv.db");
  }

  private static String h2Url(Path folder) {
    return "jdbc:h2:file:"
        + folder.resolve("acuse")
        + ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
        + ";TIME ZONE=America/Los_Angeles";
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("acuse-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Engine engine() {
    return engine;
  }

  /** The JDBC URL, with user and password in it where the engine takes them there. */
  public String url() {
    return url;
  }

  /** The user to log in as; empty where the URL names one. */
  public String user() {
    return engine == Engine.H2 ? "sa" : "";
  }

  public String password() {
    return "";
  }

  /**
   * A folder for the spool of one instance: the one that an earlier instance left, if any did. It
   * goes when the database does.
   */
  public synchronized Path takeSpoolFolder() {
    Path left = leftSpools.poll();
    return left != null ? left : folder.resolve("spool-" + ++spools);
  }

  /** An instance has ended: the next takes its spool over. */
  public synchronized void leaveSpoolFolder(Path spool) {
    leftSpools.add(spool);
  }

  /** Where the H2 file and the spools are. */
  public Path folder() {
    return folder;
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  /**
   * How many rows there are.
   *
   * @param from a table, and which of its rows
   */
  public long count(String from) {
    return jdbi()
        .withHandle(
            handle -> handle.createQuery("SELECT COUNT(*) FROM " + from).mapTo(Long.class).one());
  }

  public javax.sql.DataSource dataSource() {
    return pool.dataSource();
  }

  /**
   * Closes this test's own connections, so that another process may open the H2 file; {@link
   * #close} is still due.
   */
  public void disconnect() {
    pool.close();
  }

  @Override
  public void close() {
    pool.close();
    if (drops) {
      PostgresServer.instance().drop(url);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A migrated H2 file, to be copied: a migration takes most of a second, and the file that it
   * leaves is the same each time.
   */
  private static final class MigratedFile {
    private static final byte[] CONTENT = migrate();

    static void copyTo(Path file) {
      try {
        Files.write(file, CONTENT);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static byte[] migrate() {
      try (TestDatabase template = openEmpty(Engine.H2)) {
        new Schema(template.dataSource()).migrate();
        template.disconnect();
        return Files.readAllBytes(h2File(template.folder()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A small pool for either engine; H2's generic pool takes any data source. */
  private static final class JdbcPool {
    private final JdbcConnectionPool pool;

    JdbcPool(String url, String user, String password) {
      if (url.startsWith("jdbc:h2:")) {
        // As the service opens it: H2 in one process shares a file among those of one name alone.
        this.pool = JdbcConnectionPool.create(H2Url.uninterrupted(url), user, password);
      } else {
        var dataSource = new org.postgresql.ds.PGConnectionPoolDataSource();
        dataSource.setUrl(url);
        this.pool = JdbcConnectionPool.create(dataSource);
      }
      pool.setMaxConnections(40);
    }

    javax.sql.DataSource dataSource() {
      return pool;
    }

    void close() {
      pool.dispose();
    }
  }
}
