package dev.acuse.faults;

import java.time.Duration;
import java.util.List;

/** What may happen to a process of the service. */
final class ProcessFaults {

  private ProcessFaults() {}

  static List<Row> all() {
    return List.of(
        killedInTheCommit(),
        answersSwallowed(),
        killedAtWork(),
        killedWhileSpooling(),
        twoInstances(),
        oneOfThreeKilled(),
        frozen(),
        terminated());
  }

  /** A commit that does not return, and then the end of the process. */
  static Row killedInTheCommit() {
    return Row.disturbed(
        "F2 killed -9 while the database commits, ×3",
        Site.Kind.POSTGRESQL,
        stage -> {
          for (int i = 0; i < 3; i++) {
            Stage.during(Duration.ofSeconds(1));
            stage.postgres().freeze();
            Stage.during(Duration.ofMillis(500));
            stage.instance(0).kill();
            stage.postgres().thaw();
            stage.killAndRestart(0);
          }
        });
  }

  private static Row answersSwallowed() {
    return Row.disturbed(
        "F3 killed -9 after the commit, before the database's answer, ×3",
        Site.Kind.POSTGRESQL_BEHIND_NETWORK,
        stage -> {
          for (int i = 0; i < 3; i++) {
            Stage.during(Duration.ofSeconds(1));
            stage.network().swallowAnswers();
            Stage.during(Duration.ofMillis(500));
            stage.instance(0).kill();
            stage.network().cut();
            stage.network().restore();
            stage.killAndRestart(0);
          }
        });
  }

  /** Each payment is told of once: nothing that comes later mends what was broken off. */
  static Row killedAtWork() {
    return Row.disturbed(
            "P1–P5 killed -9 amid calls to MercadoPago and the CRM, ×4",
            Site.Kind.POSTGRESQL,
            stage -> {
              stage.sandbox().mercadoPago().faults().latency(Duration.ofMillis(150));
              stage.sandbox().goHighLevel().faults().latency(Duration.ofMillis(150));
              for (int i = 0; i < 4; i++) {
                Stage.during(Duration.ofMillis(1_500));
                stage.killAndRestart(0);
              }
              stage.sandbox().mercadoPago().faults().none();
              stage.sandbox().goHighLevel().faults().none();
            })
        .withRate(15)
        .withSales(500);
  }

  private static Row killedWhileSpooling() {
    return Row.disturbed(
        "killed -9 while it spools, database still out, ×3",
        Site.Kind.POSTGRESQL,
        stage -> {
          stage.expectCrash();
          stage.postgres().stopAtOnce();
          for (int i = 0; i < 3; i++) {
            Stage.during(Duration.ofSeconds(2));
            stage.killAndRestart(0);
          }
          stage.postgres().startAgain();
        });
  }

  /** Nothing is done twice though two look for work. */
  static Row twoInstances() {
    return Row.answered(
            "P7 two instances race",
            Site.Kind.POSTGRESQL,
            stage -> Stage.during(Duration.ofSeconds(6)))
        .withInstances(2)
        .withRate(200);
  }

  private static Row oneOfThreeKilled() {
    return Row.disturbed(
            "P7 three instances, one killed -9, ×3",
            Site.Kind.POSTGRESQL,
            stage -> {
              for (int i = 0; i < 3; i++) {
                Stage.during(Duration.ofSeconds(2));
                stage.killAndRestart(0);
              }
            })
        .withInstances(3);
  }

  private static Row frozen() {
    return Row.disturbed(
            "P6 frozen past its lease beside another",
            Site.Kind.POSTGRESQL,
            stage -> {
              stage.expectCrash();
              Stage.during(Duration.ofSeconds(2));
              stage.instance(0).signal("STOP");
              Stage.during(Duration.ofSeconds(6));
              stage.instance(0).signal("CONT");
              Stage.during(Duration.ofSeconds(2));
            })
        .withInstances(2);
  }

  private static Row terminated() {
    return Row.disturbed(
        "P22 SIGTERM under load, ×3",
        Site.Kind.POSTGRESQL,
        stage -> {
          for (int i = 0; i < 3; i++) {
            Stage.during(Duration.ofSeconds(2));
            stage.terminateAndRestart(0);
          }
        });
  }
}
