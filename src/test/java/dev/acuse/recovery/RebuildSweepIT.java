package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.recovery.BrokenInbox.Found;
import dev.acuse.support.AcuseProcess;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link RebuildTest} at many more places, and with deaths while a file is made anew. {@code
 * -Dplaces=150 -Dseed=…} goes over many more, which takes most of half an hour on a busy machine.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RebuildSweepIT {
  private static final int EVENTS = 2_000;
  private static final int PAGE = 4_096;
  private static final int PLACES = Integer.getInteger("places", 8);
  private static final int DEATHS = 5;

  /** Always the same; {@code -Dseed=…} tries others. */
  private final long seed = Long.getLong("seed", 1);

  private final Random random = new Random(seed);

  @SuppressWarnings("NullAway.Init")
  private BrokenInbox inbox;

  private byte[] image = {};

  @BeforeAll
  void fill(@TempDir Path folder) throws Exception {
    inbox = new BrokenInbox(folder);
    inbox.fill(EVENTS);
    image = inbox.image();
  }

  @Test
  void cutAtAnyByte() throws Exception {
    for (int i = 0; i < PLACES; i++) {
      int cut = random.nextInt(image.length);

      assertWhole(inbox.startOn(Arrays.copyOf(image, cut)), "cut at " + cut);
    }
  }

  @Test
  void pagesOverwritten() throws Exception {
    for (int i = 0; i < PLACES; i++) {
      byte[] bad = image.clone();
      int pages = 1 + random.nextInt(20);
      for (int j = 0; j < pages; j++) {
        byte[] junk = new byte[PAGE];
        if (random.nextBoolean()) {
          random.nextBytes(junk);
        }
        System.arraycopy(junk, 0, bad, random.nextInt(bad.length / PAGE) * PAGE, PAGE);
      }

      assertWhole(inbox.startOn(bad), pages + " pages, the " + i + "th time");
    }
  }

  @Test
  void bytesOverwrittenAnywhere() throws Exception {
    for (int i = 0; i < PLACES; i++) {
      byte[] bad = image.clone();
      for (int j = 0; j < 50; j++) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
      }

      assertWhole(inbox.startOn(bad), "fifty bytes, the " + i + "th time");
    }
  }

  @Test
  void processThatMakesItAnewIsKilledAtAnyMoment() throws Exception {
    byte[] bad = image.clone();
    Arrays.fill(bad, 0, 2 * PAGE, (byte) 7);
    for (int i = 0; i < DEATHS; i++) {
      inbox.leave(bad, Map.of());
      for (int death = 0; death < 2; death++) {
        Process process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    AcuseProcess.CLASS_PATH,
                    RebuildMain.class.getName(),
                    inbox.files().base().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = process.waitFor(500 + random.nextInt(4_000), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        assertThat(ended).as("or there was nothing to kill").isIn(true, false);
      }

      assertWhole(inbox.start(), "the " + i + "th death");
    }
  }

  private void assertWhole(Found found, String which) {
    String place = which + ", seed " + seed;
    // H2 keeps no checksum of contents: a row whose key was changed is another one, with the ticket
    // of the first.
    Set<String> known = new HashSet<>(inbox.old);
    known.addAll(inbox.journaled);
    Set<String> changed = without(found.events(), known);
    assertThat(without(inbox.journaled, found.events()))
        .as(place)
        .hasSizeLessThanOrEqualTo(changed.size());
    assertThat(without(inbox.checkouts, found.checkouts()))
        .as(place)
        .hasSizeLessThanOrEqualTo(without(found.checkouts(), inbox.checkouts).size());
    long missing = without(inbox.old, found.events()).size();
    assertThat(found.unaccounted())
        .as(place)
        .isBetween(missing - changed.size(), (long) without(known, found.ticketed()).size());
  }

  private static Set<String> without(Set<String> all, Set<String> these) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(these);
    return rest;
  }

  /** The making anew as a process of its own. */
  static final class RebuildMain {
    private RebuildMain() {}

    public static void main(String[] arguments) {
      BrokenInbox.recovery(new H2Files(Path.of(List.of(arguments).get(0)))).rebuildIfBroken();
    }
  }
}
