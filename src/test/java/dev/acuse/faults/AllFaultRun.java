package dev.acuse.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code mvn verify -Pfaults}: the whole catalogue, and the table in the documentation. With {@code
 * -Dfaults.only=F7} only the rows whose name holds that, and no table.
 */
class AllFaultRun {
  private static final String ONLY = System.getProperty("faults.only", "");

  private static final FaultReport REPORT = new FaultReport();

  @TestFactory
  Stream<DynamicTest> nothingIsLostWhateverHappens() {
    return Faults.all(20, Duration.ofSeconds(60)).stream()
        .filter(row -> row.name().contains(ONLY))
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.name() + " on " + row.engine(), () -> REPORT.add(FaultTrial.run(row))));
  }

  @AfterAll
  static void write() throws IOException {
    Path folder = Path.of(ONLY.isEmpty() ? "docs/reference" : "target");
    REPORT.write(folder.resolve("fault-results.md"), System.out);
  }
}
