package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.faults.Load.Sent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What came of one attack.
 *
 * @param sent the genuine webhooks
 * @param ended how often the service ended by itself
 * @param notAlive how often it said that it is not alive, and was killed
 * @param wedged whether it said that it is alive and worked on nothing
 * @param file how the service could be started again
 * @param lost what was acknowledged and is not there
 * @param stuck genuine events without an end
 * @param wrong payments, tags and checkouts that are not as they should be
 * @param notes what was measured besides
 * @param complaints what else must not be
 */
record AttackTrial(
    Attack attack,
    List<Sent> sent,
    int ended,
    int notAlive,
    boolean wedged,
    File file,
    int lost,
    int stuck,
    int wrong,
    Map<String, Object> notes,
    List<String> complaints) {

  /** In what state the database was after a kill. */
  enum File {
    OPENS,
    REBUILT,
    DOES_NOT_OPEN
  }

  /** A process that has just started answers its first webhooks slowly, attacked or not. */
  private static final Duration BEFORE = Duration.ofSeconds(4);

  private static final Duration AFTER = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration NONE = Duration.ofSeconds(1);

  /** The slowest that 99 % of the genuine answers may be. */
  private static final long SLOWEST_MILLIS = 1_000;

  /**
   * @param seed of what is left to chance
   */
  static AttackTrial run(Attack attack, long seed) throws Exception {
    try (Siege siege = Siege.lay(attack, seed)) {
      Stage.during(BEFORE);
      assault(attack, siege);
      Stage.during(AFTER);
      List<Sent> sent = siege.stopLoad();
      boolean worked = siege.works();
      boolean wedged =
          !worked && siege.supervisor().opens() && siege.stage().instance(0).alive() == 200;
      siege.awaitEnds(sent, worked ? PATIENCE : NONE);
      int ended = siege.supervisor().ended();
      siege.supervisor().restart();
      boolean worksAgain = siege.works();
      if (!worksAgain) {
        siege.complain("it does not work after a restart");
      }
      siege.awaitEnds(sent, worksAgain ? PATIENCE : NONE);
      return judge(attack, siege, sent, ended, wedged);
    }
  }

  /** What cannot be done to a service that is gone is a complaint: the rest is still to be seen. */
  private static void assault(Attack attack, Siege siege) {
    try {
      attack.assault().on(siege);
    } catch (Exception e) {
      siege.complain("broken off: " + e);
    }
  }

  private static AttackTrial judge(
      Attack attack, Siege siege, List<Sent> sent, int ended, boolean wedged) {
    List<String> complaints = new ArrayList<>(siege.complaints());
    File file = siege.supervisor().opens() ? File.OPENS : File.DOES_NOT_OPEN;
    int lost = siege.acknowledged(sent);
    int stuck = 0;
    int wrong = 0;
    try {
      Oracle.Verdict verdict = siege.judge(sent);
      lost = verdict.lost().size();
      stuck = verdict.stuck().size();
      wrong = verdict.wrong().size() + verdict.doubled().size();
      if (lost + stuck + wrong > 0) {
        complaints.add(verdict.toString());
      }
      file = file == File.OPENS && isRebuilt(siege) ? File.REBUILT : file;
    } catch (SQLException e) {
      complaints.add("the database cannot be read: " + e.getMessage());
      file = File.DOES_NOT_OPEN;
    }
    return new AttackTrial(
        attack,
        sent,
        ended,
        siege.supervisor().notAlive(),
        wedged,
        file,
        lost,
        stuck,
        wrong,
        siege.notes(),
        complaints);
  }

  /** A broken file is kept beside the new one. */
  private static boolean isRebuilt(Siege siege) {
    try (Stream<java.nio.file.Path> files = Files.walk(siege.stage().folder())) {
      return files.anyMatch(file -> file.getFileName().toString().contains(".broken-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long unanswered() {
    return sent.stream().filter(one -> !one.isAcknowledged()).count();
  }

  boolean isClean() {
    return failures().isEmpty();
  }

  /** What is not as it should be, in words. */
  List<String> failures() {
    List<String> failures = new ArrayList<>(harm());
    addIf(
        failures,
        attack.answersAll() && p99() > SLOWEST_MILLIS,
        "99 % were answered within " + p99() + " ms");
    return failures;
  }

  /** The same but for how fast it was: a machine that does other things, too, is slow. */
  private List<String> harm() {
    List<String> failures = new ArrayList<>(complaints);
    addIf(
        failures,
        attack.answersAll() && unanswered() > 0,
        unanswered() + " genuine webhooks were not answered 200");
    addIf(failures, wedged, "it says that it is alive, and works on nothing");
    addIf(failures, file == File.DOES_NOT_OPEN, "its database does not open");
    addIf(failures, lost > 0, lost + " acknowledged webhooks are lost");
    addIf(failures, stuck > 0, stuck + " genuine events have no end");
    addIf(failures, wrong > 0, wrong + " payments, tags, events or checkouts are wrong");
    return failures;
  }

  private static void addIf(List<String> failures, boolean isSo, String what) {
    if (isSo) {
      failures.add(what);
    }
  }

  long p99() {
    return Load.p99(sent);
  }

  /** Fails if the service did not stand it, or was slow. */
  void check() {
    check(failures());
  }

  /** Fails if the service did not stand it, however fast it was. */
  void checkHarm() {
    check(harm());
  }

  private void check(List<String> failures) {
    assertThat(sent).as("there was load").hasSizeGreaterThan(Attack.PER_SECOND);
    assertThat(failures).as("%s", attack).isEmpty();
  }
}
