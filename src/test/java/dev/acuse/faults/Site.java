package dev.acuse.faults;

import dev.acuse.support.Engine;
import dev.acuse.support.FreePorts;
import dev.acuse.support.TcpProxy;
import dev.acuse.support.TestDatabase;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The database of a trial, and what stands around it.
 *
 * @param url by which the service reaches it
 */
record Site(
    String url,
    TestDatabase database,
    @Nullable OwnPostgres primary,
    @Nullable OwnPostgres standby,
    @Nullable TcpProxy network,
    @Nullable FolderOnDisk disk)
    implements AutoCloseable {

  /** What can be had. */
  enum Kind {
    /** H2 in a file. */
    H2,
    /** PostgreSQL with its defaults. */
    POSTGRESQL,
    /** PostgreSQL behind a network that can be slowed and cut. */
    POSTGRESQL_BEHIND_NETWORK,
    /** PostgreSQL with a synchronous standby. */
    POSTGRESQL_WITH_STANDBY,
    /** H2 in a file on a small disk; for root. */
    H2_ON_SMALL_DISK,
    /** PostgreSQL on a small disk; for root. */
    POSTGRESQL_ON_SMALL_DISK;

    boolean isPostgresql() {
      return this != H2 && this != H2_ON_SMALL_DISK;
    }

    boolean isPossible() {
      boolean needsRoot = this == H2_ON_SMALL_DISK || this == POSTGRESQL_ON_SMALL_DISK;
      return !needsRoot || FolderOnDisk.isPossible();
    }

    @Override
    public String toString() {
      return isPostgresql() ? "PostgreSQL" : "H2";
    }
  }

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  static Site open(Kind kind) {
    return switch (kind) {
      case H2 -> ofH2(TestDatabase.open(Engine.H2), null);
      case H2_ON_SMALL_DISK -> {
        FolderOnDisk disk = FolderOnDisk.ofMegabytes(512);
        yield ofH2(TestDatabase.openH2In(disk.folder()), disk);
      }
      case POSTGRESQL -> ofPostgresql(OwnPostgres.start(TEMPORARY), null);
      case POSTGRESQL_ON_SMALL_DISK -> {
        FolderOnDisk disk = FolderOnDisk.ofMegabytes(256);
        yield ofPostgresql(OwnPostgres.start(disk.folder()), disk);
      }
      case POSTGRESQL_BEHIND_NETWORK -> behindNetwork(OwnPostgres.start(TEMPORARY));
      case POSTGRESQL_WITH_STANDBY -> withStandby(OwnPostgres.start(TEMPORARY));
    };
  }

  private static Site ofH2(TestDatabase database, @Nullable FolderOnDisk disk) {
    database.disconnect();
    return new Site(database.url(), database, null, null, null, disk);
  }

  private static Site ofPostgresql(OwnPostgres postgres, @Nullable FolderOnDisk disk) {
    return new Site(postgres.url(), migrated(postgres), postgres, null, null, disk);
  }

  private static Site behindNetwork(OwnPostgres postgres) {
    var network = new TcpProxy(postgres.port());
    String url = postgres.url().replace(":" + postgres.port(), ":" + network.port());
    return new Site(url, migrated(postgres), postgres, null, network, null);
  }

  private static Site withStandby(OwnPostgres primary) {
    TestDatabase database = migrated(primary);
    OwnPostgres standby = primary.startStandby(FreePorts.next());
    String url =
        "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?user=postgres&targetServerType=primary"
            .formatted(primary.port(), standby.port());
    return new Site(url, database, primary, standby, null, null);
  }

  private static TestDatabase migrated(OwnPostgres postgres) {
    TestDatabase database = TestDatabase.at(postgres.url());
    database.disconnect();
    return database;
  }

  OwnPostgres postgres() {
    return Objects.requireNonNull(primary, "this fault is PostgreSQL's");
  }

  /** What the database and the spools take. */
  long diskBytes() {
    long files = FolderOnDisk.bytes(database.folder());
    return primary == null ? files : files + FolderOnDisk.bytes(primary.folder());
  }

  @Override
  public void close() {
    database.close();
    if (network != null) {
      network.close();
    }
    if (standby != null) {
      standby.close();
    }
    if (primary != null) {
      primary.close();
    }
    if (disk != null) {
      disk.close();
    }
  }
}
