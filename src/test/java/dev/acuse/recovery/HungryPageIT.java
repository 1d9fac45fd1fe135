package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.process.FatalErrors;
import dev.acuse.recovery.BrokenInbox.Found;
import dev.acuse.support.AcuseProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that takes all memory ends the process that meets it: only others can see to it. */
@Tag("slow")
class HungryPageIT {
  private static final int EVENTS = 300;
  private static final int STARTS = 12;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+ExitOnOutOfMemoryError", "-XX:-ExitOnOutOfMemoryError"})
  void processesThatEndForWantOfMemoryAreFollowedByOneThatDoesNot(String flag) throws Exception {
    var inbox = new BrokenInbox(folder);
    inbox.fill(EVENTS);
    byte[] bad = inbox.image().clone();
    assertThat(HungryPage.make(bad, BrokenInbox.NEW + "-" + EVENTS / 2)).isPositive();
    inbox.leave(bad, Map.of());

    int starts = 1;
    while (use(inbox.files(), flag) != 0) {
      assertThat(starts).isLessThan(STARTS);
      starts++;
    }

    Found found = inbox.start();
    assertThat(starts).as("it was met").isGreaterThan(3);
    assertThat(found.events()).containsAll(inbox.journaled).containsAll(inbox.old);
    assertThat(found.checkouts()).containsAll(inbox.checkouts);
    assertThat(found.unaccounted()).isZero();
  }

  private static int use(H2Files files, String flag) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            flag,
            "-cp",
            AcuseProcess.CLASS_PATH,
            UseMain.class.getName(),
            files.base().toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** A process that uses the file, and ends as the service does. */
  static final class UseMain {
    private UseMain() {}

    public static void main(String[] arguments) {
      var files = new H2Files(Path.of(List.of(arguments).get(0)));
      BrokenInbox.recovery(files).rebuildIfBroken();
      try {
        Jdbi.create("jdbc:h2:file:" + files.base() + BrokenInbox.SETTINGS, "sa", "")
            .useHandle(
                handle ->
                    handle
                        .createQuery("SELECT * FROM webhook_events")
                        .mapToMap()
                        .forEach(row -> {}));
      } catch (RuntimeException e) {
        FatalErrors.haltOn(e);
        throw e;
      }
    }
  }
}
