package dev.acuse.faults;

import dev.acuse.faults.Row.Injection;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.support.SlowClients;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The catalogue. */
final class Faults {
  /** The moments of the random kills come from it. */
  static final long SEED = 20261125;

  /** How often a process is killed under load. */
  private static final int KILLS = 20;

  private static final Random RANDOM = new Random(SEED);

  private Faults() {}

  /** Every row of the table. */
  static List<Row> all() {
    return Stream.of(
            noFault(), ProcessFaults.all(), DatabaseFaults.all(), RemoteFaults.all(), traffic())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Row> noFault() {
    Injection nothing = stage -> Stage.during(Duration.ofSeconds(4));
    return List.of(
        Row.answered("no fault", Site.Kind.H2, nothing),
        Row.answered("no fault", Site.Kind.POSTGRESQL, nothing),
        Row.disturbed("F5 kill -9 under load, ×" + KILLS, Site.Kind.H2, kill(KILLS)),
        Row.disturbed("F5 kill -9 under load, ×" + KILLS, Site.Kind.POSTGRESQL, kill(KILLS)));
  }

  private static Injection kill(int times) {
    return stage -> {
      for (int i = 0; i < times; i++) {
        Stage.during(Duration.ofMillis(300 + RANDOM.nextInt(1_500)));
        stage.killAndRestart(0);
      }
    };
  }

  private static List<Row> traffic() {
    return List.of(
        duplicates(),
        forgeries(),
        Row.answered(
            "F22 1,000 clients with slow headers, 200 with slow bodies",
            Site.Kind.POSTGRESQL,
            stage -> {
              try (var slow = SlowClients.on(stage.instance(0).url("/"), 1_000, 200)) {
                Stage.during(Duration.ofSeconds(12));
                slow.awaitBodiesCut(Duration.ofSeconds(20));
              }
            }));
  }

  private static Row duplicates() {
    return Row.answered(
            "F18 each webhook 50 times, to two instances",
            Site.Kind.POSTGRESQL,
            stage -> Stage.during(Duration.ofSeconds(8)))
        .withInstances(2)
        .withRate(500)
        .sending(Stage::duplicates);
  }

  private static Row forgeries() {
    return Row.disturbed(
            "F19 each webhook forged before the genuine one",
            Site.Kind.POSTGRESQL,
            stage -> Stage.during(Duration.ofSeconds(4)))
        .sending(Stage::forgedFirst);
  }

  /** A dozen that is over quickly, one after another on the same service. */
  static Row dozen() {
    Duration moment = Duration.ofMillis(1_500);
    List<Injection> faults =
        List.of(
            DatabaseFaults.terminated(3),
            DatabaseFaults.frozen(moment),
            DatabaseFaults.stopped(moment),
            stage -> {
              stage.postgres().kill();
              stage.postgres().startAgain();
            },
            RemoteFaults.mercadoPago(moment, Fault.status(500), Fault.status(504)),
            RemoteFaults.mercadoPago(moment, Fault.tooManyRequests("1")),
            RemoteFaults.mercadoPago(moment, Fault.garbage(GarbageKind.HTML), Fault.drop()),
            RemoteFaults.mercadoPago(moment, Fault.loseAnswer()),
            RemoteFaults.crmOut(moment),
            stage -> stage.sandbox().goHighLevel().faults().loseAnswers(4),
            stage -> stage.killAndRestart(0),
            stage -> stage.terminateAndRestart(0));
    return Row.disturbed(
        "the fastest dozen, one after another",
        Site.Kind.POSTGRESQL,
        stage -> faults.forEach(fault -> fault.inject(stage)));
  }

  /** For each mistake the row that brings it to light. */
  static List<Row> controls() {
    Row duplicates = duplicates();
    return List.of(
        ProcessFaults.killedInTheCommit().broken(Sabotage.ANSWER_BEFORE_COMMIT),
        duplicates
            .suffering(
                stage -> {
                  stage
                      .postgres()
                      .execute(
                          "ALTER TABLE webhook_events"
                              + " DROP CONSTRAINT webhook_events_webhook_id_key");
                  duplicates.injection().inject(stage);
                })
            .broken(Sabotage.CHECK_THEN_INSERT),
        ProcessFaults.killedAtWork().broken(Sabotage.DONE_BEFORE_EFFECT),
        ProcessFaults.twoInstances().broken(Sabotage.NO_LEASE),
        forgeries().broken(Sabotage.FORGERY_TAKES_KEY));
  }
}
