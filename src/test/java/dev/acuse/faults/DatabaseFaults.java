package dev.acuse.faults;

import dev.acuse.faults.Row.Injection;
import java.time.Duration;
import java.util.List;

/** What may happen to the database, its disk and the way to it. */
final class DatabaseFaults {
  /** How long a database is stopped. */
  private static final Duration STOP = Duration.ofSeconds(60);

  private DatabaseFaults() {}

  static List<Row> all() {
    return List.of(
        Row.answered(
                "F7 database stopped for " + STOP.toSeconds() + " s under 200 a second",
                Site.Kind.POSTGRESQL,
                stopped(STOP))
            .withRate(200),
        Row.answered("F7 database killed -9 and restarted, ×3", Site.Kind.POSTGRESQL, killed()),
        Row.answered(
            "F8 database frozen for 10 s (SIGSTOP)",
            Site.Kind.POSTGRESQL,
            frozen(Duration.ofSeconds(10))),
        Row.answered(
            "F9 each message to and from the database 400 ms late",
            Site.Kind.POSTGRESQL_BEHIND_NETWORK,
            stage -> {
              stage.network().delay(Duration.ofMillis(400));
              // A claim that comes back late has a lease that is almost over: for each lease's time
              // a worker may lose one.
              for (int lease = 0; lease < 3; lease++) {
                stage.expectCrash();
                Stage.during(Duration.ofSeconds(5));
              }
              stage.network().delay(Duration.ZERO);
            }),
        Row.answered("F13 connections terminated, ×20", Site.Kind.POSTGRESQL, terminated(20)),
        Row.answered(
            "F14 synchronous standby frozen for 8 s",
            Site.Kind.POSTGRESQL_WITH_STANDBY,
            stage -> {
              stage.expectCrash();
              stage.standby().freeze();
              Stage.during(Duration.ofSeconds(8));
              stage.standby().thaw();
            }),
        Row.answered(
            "F15 primary killed -9, its synchronous standby promoted",
            Site.Kind.POSTGRESQL_WITH_STANDBY,
            stage -> {
              stage.expectCrash();
              stage.postgres().kill();
              Stage.during(Duration.ofSeconds(2));
              stage.standby().execute("SELECT pg_promote()");
              Stage.during(Duration.ofSeconds(2));
            }),
        Row.answered(
            "F11 PostgreSQL's disk full for 6 s", Site.Kind.POSTGRESQL_ON_SMALL_DISK, fullDisk()),
        Row.disturbed(
            "F11 H2's disk full for 6 s, then the service ends and is started again",
            Site.Kind.H2_ON_SMALL_DISK,
            stage -> {
              fullDisk().inject(stage);
              stage.awaitEndAndRestart(0);
            }),
        Row.answered(
            "F16 database read-only for 5 s",
            Site.Kind.POSTGRESQL,
            stage -> {
              stage.expectCrash();
              readOnly(stage.postgres(), "on");
              Stage.during(Duration.ofSeconds(5));
              readOnly(stage.postgres(), "off");
            }),
        Row.disturbed(
            "F12 a sync of the spool fails (EIO), the service ends",
            Site.Kind.POSTGRESQL,
            stage -> {
              stage.expectCrash();
              stage.postgres().stopAtOnce();
              Stage.during(Duration.ofSeconds(2));
              stage.failSyncsOf(0);
              stage.postgres().startAgain();
              stage.killAndRestart(0);
            }),
        Row.disturbed(
            "F17 service started with its database down",
            Site.Kind.POSTGRESQL,
            stage -> {
              stage.expectCrash();
              stage.postgres().stopAtOnce();
              stage.terminateAndRestart(0);
              Stage.during(Duration.ofSeconds(3));
              stage.postgres().startAgain();
            }));
  }

  /** As at the restart of a database's server. */
  static Injection stopped(Duration time) {
    return stage -> {
      stage.expectCrash();
      stage.postgres().stopAtOnce();
      Stage.during(time);
      stage.postgres().startAgain();
    };
  }

  private static Injection killed() {
    return stage -> {
      for (int i = 0; i < 3; i++) {
        stage.expectCrash();
        Stage.during(Duration.ofSeconds(2));
        stage.postgres().kill();
        stage.postgres().startAgain();
      }
    };
  }

  /** It accepts connections and never answers. */
  static Injection frozen(Duration time) {
    return stage -> {
      stage.expectCrash();
      stage.postgres().freeze();
      Stage.during(time);
      stage.postgres().thaw();
    };
  }

  /** As a pooler or an administrator does. */
  static Injection terminated(int times) {
    return stage -> {
      for (int i = 0; i < times; i++) {
        stage.expectCrash();
        Stage.during(Duration.ofMillis(150));
        stage.postgres().terminateConnections();
      }
    };
  }

  private static void readOnly(OwnPostgres postgres, String value) {
    postgres.execute("ALTER SYSTEM SET default_transaction_read_only = " + value);
    postgres.execute("SELECT pg_reload_conf()");
  }

  private static Injection fullDisk() {
    return stage -> {
      stage.disk().fill();
      // Some statements go through, others do not: events are claimed, and their end is not stored.
      for (int second = 0; second < 6; second++) {
        stage.expectCrash();
        Stage.during(Duration.ofSeconds(1));
      }
      stage.disk().free();
      stage.mendDatabase();
    };
  }
}
