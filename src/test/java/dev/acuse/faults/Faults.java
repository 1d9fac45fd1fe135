package dev.acuse.faults;

import dev.acuse.sandbox.Fault;
import dev.acuse.sandbox.GarbageKind;
import dev.acuse.support.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The catalogue: each fault, what is injected, and how many deliveries may go unanswered. */
final class Faults {
  /** Printed with the table; the moments of the random kills come from it. */
  static final long SEED = 20261125;

  private static final Random RANDOM = new Random(SEED);

  private Faults() {}

  /** What is done to a stage under load. */
  interface Injection {
    void inject(Stage stage);
  }

  /**
   * A row of the table.
   *
   * @param answersAll whether each delivery must be answered 200
   */
  record Row(
      String name,
      Engine engine,
      int instances,
      int perSecond,
      boolean answersAll,
      Map<String, String> settings,
      Injection injection) {

    static Row of(String name, Engine engine, boolean answersAll, Injection injection) {
      return new Row(name, engine, 1, 100, answersAll, Map.of(), injection);
    }

    Row withInstances(int count) {
      return new Row(name, engine, count, perSecond, answersAll, settings, injection);
    }

    Row withRate(int rate) {
      return new Row(name, engine, instances, rate, answersAll, settings, injection);
    }

    Row with(Map<String, String> more) {
      return new Row(name, engine, instances, perSecond, answersAll, more, injection);
    }
  }

  static List<Row> all(int kills, Duration stop) {
    return List.of(
        Row.of("no fault", Engine.H2, true, stage -> Stage.during(Duration.ofSeconds(4))),
        Row.of("no fault", Engine.POSTGRESQL, true, stage -> Stage.during(Duration.ofSeconds(4))),
        Row.of("F5 kill -9 under load, ×" + kills, Engine.H2, false, kill(kills)),
        Row.of("F5 kill -9 under load, ×" + kills, Engine.POSTGRESQL, false, kill(kills)),
        Row.of(
                "F7 database stopped for " + stop.toSeconds() + " s",
                Engine.POSTGRESQL,
                true,
                stage -> {
                  stage.postgres().stopAtOnce();
                  Stage.during(stop);
                  stage.postgres().startAgain();
                })
            .withRate(200),
        Row.of(
            "F7 database killed -9 and restarted, ×3",
            Engine.POSTGRESQL,
            true,
            stage -> {
              for (int i = 0; i < 3; i++) {
                Stage.during(Duration.ofSeconds(2));
                stage.postgres().kill();
                stage.postgres().startAgain();
              }
            }),
        Row.of(
            "F8 database frozen for 10 s (SIGSTOP)",
            Engine.POSTGRESQL,
            true,
            stage -> {
              stage.postgres().freeze();
              Stage.during(Duration.ofSeconds(10));
              stage.postgres().thaw();
            }),
        Row.of(
            "F13 connections terminated, ×20",
            Engine.POSTGRESQL,
            true,
            stage -> {
              for (int i = 0; i < 20; i++) {
                Stage.during(Duration.ofMillis(150));
                stage.postgres().terminateConnections();
              }
            }),
        Row.of(
            "killed -9 while it spools, database still out",
            Engine.POSTGRESQL,
            false,
            stage -> {
              stage.postgres().stopAtOnce();
              for (int i = 0; i < 3; i++) {
                Stage.during(Duration.ofSeconds(2));
                stage.killAndRestart(0);
              }
              stage.postgres().startAgain();
            }),
        Row.of(
            "P8 MercadoPago: a third 500, 429, dropped or garbage",
            Engine.POSTGRESQL,
            true,
            stage -> {
              stage
                  .sandbox()
                  .mercadoPago()
                  .faults()
                  .random(
                      0.3,
                      Fault.status(500),
                      Fault.tooManyRequests("1"),
                      Fault.drop(),
                      Fault.garbage(GarbageKind.HTML));
              Stage.during(Duration.ofSeconds(8));
              stage.sandbox().mercadoPago().faults().none();
            }),
        Row.of(
            "P10 MercadoPago takes 3 s",
            Engine.H2,
            true,
            stage -> {
              stage.sandbox().mercadoPago().faults().latency(Duration.ofSeconds(3));
              Stage.during(Duration.ofSeconds(5));
              stage.sandbox().mercadoPago().faults().none();
            }),
        Row.of(
            "P15 CRM out for 15 s",
            Engine.POSTGRESQL,
            true,
            stage -> {
              stage.sandbox().goHighLevel().faults().always(503);
              Stage.during(Duration.ofSeconds(15));
              stage.sandbox().goHighLevel().faults().none();
            }),
        Row.of(
                "P7 three instances, one killed -9 ×3",
                Engine.POSTGRESQL,
                false,
                stage -> {
                  for (int i = 0; i < 3; i++) {
                    Stage.during(Duration.ofSeconds(2));
                    stage.killAndRestart(0);
                  }
                })
            .withInstances(3),
        Row.of(
                "P6 frozen past its lease beside another",
                Engine.POSTGRESQL,
                false,
                stage -> {
                  Stage.during(Duration.ofSeconds(2));
                  stage.instance(0).signal("STOP");
                  Stage.during(Duration.ofSeconds(6));
                  stage.instance(0).signal("CONT");
                  Stage.during(Duration.ofSeconds(2));
                  stage.expectCrash();
                })
            .withInstances(2),
        Row.of(
            "P22 SIGTERM under load, ×3",
            Engine.POSTGRESQL,
            false,
            stage -> {
              for (int i = 0; i < 3; i++) {
                Stage.during(Duration.ofSeconds(2));
                stage.terminateAndRestart(0);
              }
            }));
  }

  private static Injection kill(int times) {
    return stage -> {
      for (int i = 0; i < times; i++) {
        Stage.during(Duration.ofMillis(300 + RANDOM.nextInt(1_500)));
        stage.killAndRestart(0);
      }
    };
  }
}
