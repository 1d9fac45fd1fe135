package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A stop that has nothing to finish. */
class PromptStopIT {
  private static final String THREAD = "h2-lived";

  /** Its thread has something to do minutes later. Each stop of an H2 inbox waited 5 s for it. */
  @Test
  void threadThatWaitsForTheFileToHaveLivedEnds() {
    try (var database = TestDatabase.open(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      await().until(() -> threads().noneMatch(THREAD::equals));
      RunningAcuse acuse = RunningAcuse.start(database, sandbox, Map.of());
      assertThat(threads()).contains(THREAD);

      acuse.close();

      await().until(() -> threads().noneMatch(THREAD::equals));
    }
  }

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
  }
}
