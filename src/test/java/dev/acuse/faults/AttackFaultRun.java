package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code mvn verify -Pfaults}: the attacks, each so often as {@code -Dfaults.repeat=20} says, and
 * what is seen of a service without its protections. With {@code -Dfaults.only=S1} only the rows
 * whose name that regular expression finds, and the tables go to {@code target/attack-results.md}.
 * {@code -Dfaults.seed} moves what is left to chance.
 */
class AttackFaultRun {
  private static final String ONLY = System.getProperty("faults.only", "");
  private static final int REPEAT = Integer.getInteger("faults.repeat", 1);
  private static final long SEED = Long.getLong("faults.seed", Faults.SEED);

  private static final AttackReport REPORT = new AttackReport();

  @TestFactory
  Stream<DynamicTest> aStrangerHarmsNothing() {
    return runs(Attacks.all());
  }

  /** Each row so often, the rows in turn: a run that is broken off has seen something of each. */
  private static Stream<DynamicTest> runs(List<Attack> attacks) {
    return IntStream.range(0, REPEAT)
        .boxed()
        .flatMap(
            run ->
                attacks.stream()
                    .filter(attack -> isWanted(attack.toString()))
                    .map(
                        attack ->
                            DynamicTest.dynamicTest(
                                attack + ", run " + (run + 1), () -> run(attack, SEED + run))));
  }

  private static boolean isWanted(String name) {
    return Pattern.compile(ONLY).matcher(name).find();
  }

  private static void run(Attack attack, long seed) throws Exception {
    AttackTrial trial = AttackTrial.run(attack, seed);
    REPORT.add(trial);
    write();
    trial.check();
  }

  @TestFactory
  Stream<DynamicTest> aServiceWithoutAProtectionIsHarmed() {
    return Attacks.controls().stream()
        .filter(attack -> isWanted(attack.toString()) || isWanted("without " + attack.without()))
        .map(
            attack ->
                DynamicTest.dynamicTest(
                    "without " + attack.without() + ": " + attack, () -> control(attack)));
  }

  private static void control(Attack attack) throws Exception {
    AttackTrial trial = AttackTrial.run(attack, SEED);
    REPORT.addControl(attack.without(), trial);
    write();
    assertThat(trial.failures()).as("the attack succeeds: %s", attack).isNotEmpty();
  }

  private static void write() throws IOException {
    REPORT.write(
        ONLY.isEmpty()
            ? Path.of("docs", "reference", "fault-results.md")
            : Path.of("target", "attack-results.md"));
  }
}
