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
import java.util.concurrent.CompletableFuture;
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
  void fileStaysOpenHoweverOftenWhoUsesItIsInterrupted() throws Exception {
    Jdbi jdbi = factory.watch(factory.newInstance(workers));
    jdbi.useHandle(handle -> handle.execute("CREATE TABLE t (id INTEGER)"));
    var shield = new CompletableFuture<InterruptShield>();
    var heard = new AtomicInteger();
    var failures = new AtomicInteger();
    var done = new AtomicBoolean();
    var worker =
        new Thread(
            () -> {
              shield.complete(InterruptShield.ofThisThread());
              for (int i = 0; !done.get(); i++) {
                try {
                  insert(jdbi, i);
                } catch (RuntimeException e) {
                  failures.incrementAndGet();
                }
                if (Thread.interrupted()) {
                  heard.incrementAndGet();
                }
              }
            });
    worker.start();
    InterruptShield its = shield.get();
    await()
        .pollDelay(1, TimeUnit.MILLISECONDS)
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              its.interrupt();
              return heard.get() > 300;
            });
    done.set(true);
    worker.join();

    assertThat(failures).hasValue(0);
    insert(jdbi, -1);
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
    var pool = new DataSourceFactory();
    pool.setDriverClass("org.h2.Driver");
    pool.setUrl(
        "jdbc:h2:file:fulldisk:" + folder.resolve("t") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
    pool.setUser("sa");
    pool.setPassword("");
    pool.setMinSize(0);
    pool.setInitialSize(0);
    return pool.build(new MetricRegistry(), name);
  }
}
