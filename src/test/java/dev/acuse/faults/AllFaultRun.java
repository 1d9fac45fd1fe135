package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code mvn verify -Pfaults}: the whole catalogue, the mistakes that it must see, and the table in
 * the documentation. With {@code -Dfaults.only=F7} only the rows whose name that regular expression
 * finds, and no table.
 */
class AllFaultRun {
  private static final String ONLY = System.getProperty("faults.only", "");

  private static final FaultReport REPORT = new FaultReport();

  @TestFactory
  Stream<DynamicTest> nothingIsLostWhateverHappens() {
    return Faults.all().stream()
        .filter(row -> isWanted(row.toString()))
        .map(row -> DynamicTest.dynamicTest(row.toString(), () -> run(row)));
  }

  private static boolean isWanted(String name) {
    return Pattern.compile(ONLY).matcher(name).find();
  }

  private static void run(Row row) throws Exception {
    Assumptions.assumeTrue(row.site().isPossible(), "only root can have a small disk");
    FaultTrial trial = FaultTrial.run(row);
    REPORT.add(trial.line());
    write();
    trial.check();
  }

  @TestFactory
  Stream<DynamicTest> aServiceThatMakesAMistakeFails() {
    return Faults.controls().stream()
        .filter(row -> isWanted(row.sabotage().description()))
        .map(row -> DynamicTest.dynamicTest(row.sabotage().description(), () -> control(row)));
  }

  private static void control(Row row) throws Exception {
    FaultTrial trial = FaultTrial.run(row);
    REPORT.addControl(row.sabotage(), trial.line());
    write();
    assertThat(row.sabotage().harm(trial.line().verdict()))
        .as("the run sees the mistake: %s", trial.line())
        .isPositive();
    assertThat(trial.line().verdict().isClean(trial.crashes(), Stage.WORKERS)).isFalse();
  }

  /** After each row: a run that is broken off has told what it saw. */
  private static void write() throws IOException {
    Path folder = Path.of(ONLY.isEmpty() ? "docs/reference" : "target");
    REPORT.write(folder.resolve("fault-results.md"));
  }
}
