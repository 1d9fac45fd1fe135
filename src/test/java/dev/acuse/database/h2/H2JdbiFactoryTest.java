package dev.acuse.database.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.support.FullDisk;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class H2JdbiFactoryTest {
  @TempDir private Path folder;

  private final AtomicBoolean room = new AtomicBoolean();
  private final AtomicInteger ended = new AtomicInteger();
  private final H2JdbiFactory factory = new H2JdbiFactory(room::get, ended::incrementAndGet);
  private ManagedDataSource workers;
  private ManagedDataSource intake;

  @BeforeEach
  void open() {
    FullDisk.register();
    workers = pool("workers");
    intake = pool("intake");
  }

  @AfterEach
  void close() throws Exception {
    FullDisk.fill(false);
    workers.stop();
    intake.stop();
  }

  @Test
  void fileThatH2HasClosedIsLeftAloneAndTheProcessEndsWhenThereIsRoom() {
    Jdbi jdbi = factory.watch(factory.newInstance(workers));
    Jdbi other = factory.watch(factory.newInstance(intake));
    jdbi.useHandle(handle -> handle.execute("CREATE TABLE t (id INTEGER)"));
    insert(jdbi, 1);
    assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute("NONSENSE")))
        .as("an ordinary mistake")
        .isInstanceOf(JdbiException.class);
    insert(other, 2);

    FullDisk.fill(true);
    assertThatThrownBy(() -> insert(jdbi, 3))
        .isInstanceOf(JdbiException.class)
        .satisfies(failure -> assertThat(DatabaseTrouble.isRefusal(failure)).isFalse());
    FullDisk.fill(false);

    assertOut(() -> insert(jdbi, 4));
    assertOut(() -> insert(other, 5));
    assertThat(ended).as("no room is seen yet").hasValue(0);
    room.set(true);
    await().until(() -> ended.get() == 1);
  }

  @Test
  void fullDiskThatARowOfABatchMeetsIsOneAsWell() {
    Jdbi jdbi = factory.watch(factory.newInstance(workers));
    jdbi.useHandle(handle -> handle.execute("CREATE TABLE t (id INTEGER)"));
    room.set(true);

    FullDisk.fill(true);
    assertThatThrownBy(
            () ->
                jdbi.useHandle(
                    handle ->
                        handle.prepareBatch("INSERT INTO t VALUES (?)").add("x").add(1).execute()))
        .isInstanceOf(JdbiException.class);

    await().until(() -> ended.get() == 1);
  }

  @Test
  void fileStaysOpenHoweverOftenAThreadThatUsesItIsInterrupted() throws Exception {
    ManagedDataSource pool = pool("uninterrupted", H2Url.uninterrupted(url("", "u")));
    try {
      Jdbi jdbi = factory.watch(factory.newInstance(pool));
      jdbi.useHandle(handle -> handle.execute("CREATE TABLE t (id INTEGER)"));
      interruptOften(jdbi);
      insert(jdbi, -1);
    } finally {
      pool.stop();
    }
  }

  private static void interruptOften(Jdbi jdbi) throws InterruptedException {
    var heard = new AtomicInteger();
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    var done = new AtomicBoolean();
    var worker =
        new Thread(
            () ->
                jdbi.useHandle(
                    handle -> {
                      for (int i = 0; !done.get(); i++) {
                        try {
                          handle.execute("INSERT INTO t VALUES (?)", i);
                          handle.execute("CHECKPOINT SYNC");
                        } catch (RuntimeException e) {
                          failures.add(e);
                        }
                        if (Thread.interrupted()) {
                          heard.incrementAndGet();
                        }
                      }
                    }));
    worker.start();
    await()
        .pollDelay(1, TimeUnit.MILLISECONDS)
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              worker.interrupt();
              return heard.get() > 300 || !failures.isEmpty();
            });
    done.set(true);
    worker.join();

    assertThat(failures).isEmpty();
  }

  private static void assertOut(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(JdbiException.class)
        .satisfies(failure -> assertThat(DatabaseTrouble.isOutage(failure)).isTrue());
  }

  private static void insert(Jdbi jdbi, int id) {
    jdbi.useHandle(handle -> handle.execute("INSERT INTO t VALUES (?)", id));
  }

  private ManagedDataSource pool(String name) {
    return pool(name, url("fulldisk:", "t"));
  }

  private String url(String scheme, String name) {
    return "jdbc:h2:file:"
        + scheme
        + folder.resolve(name)
        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  }

  private static ManagedDataSource pool(String name, String url) {
    var pool = new DataSourceFactory();
    pool.setDriverClass("org.h2.Driver");
    pool.setUrl(url);
    pool.setUser("sa");
    pool.setPassword("");
    pool.setMinSize(0);
    pool.setInitialSize(0);
    return pool.build(new MetricRegistry(), name);
  }
}
