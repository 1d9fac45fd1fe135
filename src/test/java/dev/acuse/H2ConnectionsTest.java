package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.support.FullDisk;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class H2ConnectionsTest {
  @TempDir private Path folder;

  @Test
  void fileThatH2HasOpenAndForgottenIsOpenedAnew() throws Exception {
    FullDisk.register();
    ManagedDataSource workers = pool("workers");
    ManagedDataSource intake = pool("intake");
    var connections = new H2Connections();
    Jdbi jdbi = connections.newInstance(workers);
    Jdbi other = connections.newInstance(intake);
    Connection stale = workers.getConnection();
    jdbi.useHandle(
        handle -> {
          handle.execute("CREATE TABLE t (id INTEGER)");
          handle.execute("INSERT INTO t VALUES (1)");
        });
    FullDisk.fill(true);
    try (Connection one = workers.getConnection()) {
      assertThatThrownBy(() -> one.createStatement().execute("INSERT INTO t VALUES (7)"))
          .isInstanceOf(SQLException.class);
    }
    FullDisk.fill(false);
    // H2 has closed it, and says so to the first who asks
    assertThatThrownBy(other::open).isInstanceOf(ConnectionException.class);
    Handle early = other.open();
    early.execute("INSERT INTO t VALUES (2)");
    assertThatThrownBy(() -> stale.createStatement().execute("INSERT INTO t VALUES (3)"))
        .isInstanceOf(SQLException.class);
    stale.close();
    ManagedDataSource late = pool("late");
    assertThatThrownBy(late::getConnection).hasMessageContaining("already in use");
    Jdbi third = connections.newInstance(late);
    assertThatThrownBy(third::open)
        .as("not while what H2 has forgotten is in use")
        .isInstanceOf(ConnectionException.class);

    early.close();

    assertThat(rows(third)).isEqualTo(2);
    assertThat(rows(other)).isEqualTo(2);
    assertThat(rows(jdbi)).isEqualTo(2);
    late.stop();
    workers.stop();
    intake.stop();
  }

  private static int rows(Jdbi jdbi) {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT COUNT(*) FROM t").mapTo(Integer.class).one());
  }

  private ManagedDataSource pool(String name) {
    var factory = new DataSourceFactory();
    factory.setDriverClass("org.h2.Driver");
    factory.setUrl(
        "jdbc:h2:file:fulldisk:" + folder.resolve("t") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
    factory.setUser("sa");
    factory.setPassword("");
    factory.setMinSize(0);
    factory.setInitialSize(0);
    factory.setProperties(Map.of());
    return factory.build(new MetricRegistry(), name);
  }
}
