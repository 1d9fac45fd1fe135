package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.inbox.EventStore;
import dev.acuse.support.Events;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * H2 before 2.5.250 compared by the session that made a table what its checks allow, and refused
 * every row from when that session was closed.
 */
class H2MigrationTest {
  @Test
  void eventsAreStoredWhenThePoolHasClosedTheConnectionsOfTheStart(@TempDir Path folder)
      throws Exception {
    String url =
        "jdbc:h2:file:%s;MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
            .formatted(folder.resolve("acuse"));
    AcuseConfiguration config =
        ConfigurationTest.parse(ConfigurationTest.shipped(), Map.of("DATABASE_URL", url));
    config.database().setMaxConnectionAge(Duration.milliseconds(500));
    var environment = new Environment("h2-migration");
    var broken = new AtomicInteger();
    Database database = Database.open(config, environment, false, broken::incrementAndGet);
    var container = new ContainerLifeCycle();
    environment.lifecycle().attach(container);
    container.start();
    try {
      var store = new EventStore(database.jdbi(), database.clock(), 4);
      var stored = new AtomicInteger();

      await()
          .during(java.time.Duration.ofSeconds(2))
          .until(() -> store.append(Events.pending("event-" + stored.incrementAndGet())));

      assertThat(broken).hasValue(0);
    } finally {
      container.stop();
    }
  }
}
