package dev.acuse.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.jdbc.pool.DataSource;

/** Works tasks off that do nothing, by db-scheduler as its documentation tunes it. */
final class DbSchedulerDrain {
  private static final int THREADS = 64;
  private static final int CONNECTIONS = 16;

  private DbSchedulerDrain() {}

  /**
   * Prints tasks a second. The arguments are the address of the database, how many tasks, and for
   * how many seconds to work such off before.
   */
  public static void main(String[] args) throws SQLException, InterruptedException {
    var pool = new DataSource();
    pool.setDriverClassName("org.postgresql.Driver");
    pool.setUrl(args[0]);
    pool.setMaxActive(CONNECTIONS);
    pool.setMaxIdle(CONNECTIONS);
    try (Connection connection = pool.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          DROP TABLE IF EXISTS scheduled_tasks;
          CREATE TABLE scheduled_tasks (
            task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
            execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
            last_success timestamptz, last_failure timestamptz, consecutive_failures int,
            last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
            PRIMARY KEY (task_name, task_instance));
          CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
          CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
          """);
    }
    int tasks = Integer.parseInt(args[1]);
    long start = System.nanoTime();
    long warmUp = TimeUnit.SECONDS.toNanos(Long.parseLong(args[2]));
    while (System.nanoTime() - start < warmUp) {
      drain(pool, tasks);
    }
    double perSecond = drain(pool, tasks);
    pool.close();
    System.out.println(perSecond);
  }

  private static double drain(DataSource pool, int tasks)
      throws SQLException, InterruptedException {
    try (Connection connection = pool.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
          SELECT 'nothing', 170000000000 + n, now(), false, 1 FROM generate_series(1, %d) AS n
          """
              .formatted(tasks));
      statement.execute("VACUUM ANALYZE scheduled_tasks");
    }
    var left = new CountDownLatch(tasks);
    Scheduler scheduler =
        Scheduler.create(
                pool, Tasks.oneTime("nothing").execute((instance, context) -> left.countDown()))
            .threads(THREADS)
            .pollUsingLockAndFetch(0.5, 4.0)
            .pollingInterval(Duration.ofMillis(100))
            .build();
    long start = System.nanoTime();
    scheduler.start();
    left.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    scheduler.stop();
    return tasks / seconds;
  }
}
