package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.recovery.BrokenInbox.Found;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broken H2 file is no end. The long sweep over the same is {@link RebuildSweepIT}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RebuildTest {
  private static final int EVENTS = 300;
  private static final int PAGE = 4_096;

  private Path folder = Path.of("");
  private BrokenInbox inbox;
  private byte[] image;

  @BeforeAll
  void fill(@TempDir Path shared) throws Exception {
    folder = shared;
    inbox = new BrokenInbox(folder);
    inbox.fill(EVENTS);
    image = inbox.image();
  }

  @Test
  void fileThatIsWholeIsLeftAlone() throws Exception {
    Found found = inbox.startOn(image);

    assertWhole(found, "the whole file");
    assertThat(found.unaccounted()).isZero();
    assertThat(found.starts()).isEqualTo(1);
    assertThat(brokenFiles()).isEmpty();
  }

  @Tag("slow")
  @Test
  void fileThatIsCutAnywhereIsMadeAnew() throws Exception {
    long seed = Long.getLong("seed", 27);
    var random = new Random(seed);
    List<Integer> cuts =
        new ArrayList<>(List.of(0, 1, 4_095, 4_096, 8_192, image.length / 2, image.length - 1));
    random.ints(5, 0, image.length).forEach(cuts::add);
    for (int cut : cuts) {
      String which = "cut at %d of %d, seed %d".formatted(cut, image.length, seed);

      assertWhole(inbox.startOn(Arrays.copyOf(image, cut)), which);
    }
  }

  @Tag("slow")
  @Test
  void pagesThatAreOverwrittenAreFoundSoonerOrLater() throws Exception {
    long seed = Long.getLong("seed", 27);
    var random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      byte[] bad = image.clone();
      int page = random.nextInt(bad.length / PAGE);
      byte[] junk = new byte[PAGE];
      if (i % 2 == 0) {
        random.nextBytes(junk);
      }
      System.arraycopy(junk, 0, bad, page * PAGE, PAGE);

      assertWhole(inbox.startOn(bad), "page %d, junk %d, seed %d".formatted(page, i % 2, seed));
    }
  }

  @Test
  void changelogThatHasLostARowIsNoEnd() throws Exception {
    assertWhole(forgets("0014-alone-h2"), "an index");
    assertWhole(forgets("0019-reconciliation-gap"), "a column");
  }

  @Tag("slow")
  @Test
  void changelogThatHasLostAnyOfItsRowsIsNoEnd() throws Exception {
    for (String change : inbox.changes(image)) {
      assertWhole(forgets(change), change);
    }
  }

  private Found forgets(String change) throws Exception {
    return inbox.startOn(
        inbox.changed(image, "DELETE FROM databasechangelog WHERE id = '" + change + "'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "md5sum = SUBSTRING(md5sum, 1, 12) || 'x' || SUBSTRING(md5sum, 14)",
        "exectype = 'EHECUTED'"
      })
  void rowOfTheChangelogThatLiquibaseCannotHaveWrittenIsNoEnd(String change) throws Exception {
    byte[] bad =
        inbox.changed(
            image, "UPDATE databasechangelog SET " + change + " WHERE id = '0001-checkout'");

    Found found = inbox.startOn(bad);

    assertWhole(found, change);
    assertThat(found.starts()).isEqualTo(2);
  }

  @Test
  void withoutHeadersAlmostAllIsReadPageByPage() throws Exception {
    byte[] bad = image.clone();
    Arrays.fill(bad, 0, 2 * PAGE, (byte) 7);

    Found found = inbox.startOn(bad);

    assertWhole(found, "no headers");
    assertThat(found.events()).as("older than the journal").containsAll(inbox.old);
    assertThat(found.unaccounted()).isZero();
    assertThat(brokenFiles()).hasSize(1);
    assertThat(Files.readAllBytes(brokenFiles().get(0))).as("it is kept as it was").isEqualTo(bad);
    assertThat(Files.readString(inbox.files().report())).contains("made anew");
  }

  @Test
  void withoutAnyFileTheJournalIsWhatThereIsAndTheBooksMissTheRest() throws Exception {
    for (byte[] content : List.of(new byte[0], new byte[100_000])) {
      Found found = inbox.startOn(content);

      assertWhole(found, content.length + " bytes of nothing");
      assertThat(found.events()).doesNotContainAnyElementsOf(inbox.old);
      assertThat(found.unaccounted()).isEqualTo(EVENTS);
    }
    inbox.startOn(image);
    Files.delete(inbox.files().data());
    assertThat(inbox.start().unaccounted()).as("no file").isEqualTo(EVENTS);
  }

  @Test
  void whereverTheMakingWasCutOffTheNextStartGoesOn() throws Exception {
    H2Files files = inbox.files();
    byte[] bad = new byte[100_000];
    Found found = inbox.startOn(bad);
    byte[] made = Files.readAllBytes(files.data());

    inbox.leave(bad, Map.of(files.unfinished(), Arrays.copyOf(made, made.length / 2)));
    assertThat(inbox.start()).as("while it was made").isEqualTo(found);
    assertThat(files.unfinished()).doesNotExist();
    inbox.leave(bad, Map.of(files.mark(), new byte[0], files.finished(), made));
    assertThat(inbox.start()).as("when it was whole").isEqualTo(found);
    assertThat(brokenFiles()).hasSize(1);
    inbox.leave(bad, Map.of(files.mark(), new byte[0], files.finished(), made));
    Files.move(files.data(), files.broken(Instant.EPOCH));
    assertThat(inbox.start()).as("when the broken one was out of the way").isEqualTo(found);
    assertThat(brokenFiles()).hasSize(1);
    assertThat(files.finished()).doesNotExist();
    assertThat(files.mark()).doesNotExist();
  }

  @Test
  void lengthThatNoMemoryHoldsIsNoEndWhereTheStartMeetsIt() throws Exception {
    byte[] bad = image.clone();
    assertThat(HungryPage.make(bad, BrokenInbox.NEW + "-" + (EVENTS - 1))).isPositive();

    Found found = inbox.startOn(bad);

    assertWhole(found, "the last row");
    assertThat(found.starts()).isEqualTo(1);
    assertThat(brokenFiles()).hasSize(1);
    assertThat(found.events()).as("older than the journal").containsAll(inbox.old);
  }

  @Test
  void shortLivesOfAWholeFileAreNoReason() throws Exception {
    H2Files files = inbox.files();
    inbox.leave(image, Map.of());
    for (int start = 0; start < 10; start++) {
      assertThat(inbox.recovery().rebuildIfBroken()).isTrue();
    }
    assertThat(files.starts()).hasSize(10);
    assertThat(files.data()).hasBinaryContent(image);
    assertThat(brokenFiles()).isEmpty();

    inbox.recovery().lived();
    assertThat(files.starts()).doesNotExist();
  }

  @Test
  void lengthThatNoMemoryHoldsIsFoundAfterThreeShortLives() throws Exception {
    byte[] bad = image.clone();
    assertThat(HungryPage.make(bad, BrokenInbox.NEW + "-" + EVENTS / 2)).isPositive();
    inbox.leave(bad, Map.of());
    for (int start = 0; start < 3; start++) {
      assertThat(inbox.recovery().rebuildIfBroken()).isTrue();
      assertThat(brokenFiles()).as("the ends of a table do not tell").isEmpty();
    }

    Found found = inbox.start();

    assertWhole(found, "a row in the midst");
    assertThat(found.starts()).isEqualTo(1);
    assertThat(brokenFiles()).hasSize(1);
    assertThat(inbox.files().starts()).doesNotExist();
    assertThat(found.events()).as("older than the journal").containsAll(inbox.old);
  }

  @Test
  void startsThatCannotWriteDoNotMakeTheNextOneReadLess() throws Exception {
    H2Files files = inbox.files();
    inbox.leave(image, Map.of(files.mark(), new byte[0]));
    Path inTheWay = files.unfinished().resolve("a-file");
    Files.createDirectories(inTheWay);
    for (int start = 0; start < 10; start++) {
      assertThatThrownBy(() -> inbox.recovery().rebuildIfBroken())
          .isInstanceOf(IllegalStateException.class);
    }
    Files.delete(inTheWay);

    Found found = inbox.start();

    assertWhole(found, "after ten starts that could not write");
    assertThat(found.events()).as("older than the journal").containsAll(inbox.old);
    assertThat(files.lock()).doesNotExist();
  }

  @Test
  void fileInUseIsLeftAlone() throws Exception {
    byte[] bad = new byte[100_000];
    inbox.leave(bad, Map.of());
    try (FileChannel other =
            FileChannel.open(
                inbox.files().data(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock held = other.lock()) {
      inbox.recovery().rebuildIfBroken();
      assertThat(held.isValid()).isTrue();
    }
    assertThat(inbox.files().data()).hasBinaryContent(bad);
  }

  @Test
  void wrongPasswordIsNoReason() throws Exception {
    inbox.leave(image, Map.of());
    var access = new H2Access("jdbc:h2:file:./x" + BrokenInbox.SETTINGS, "sa", "wrong", Map.of());

    new H2Recovery(inbox.files(), access, InstantSource.system(), 4).rebuildIfBroken();

    assertThat(inbox.files().data()).hasBinaryContent(image);
    assertThat(brokenFiles()).isEmpty();
    assertThat(inbox.start().starts()).isEqualTo(1);
  }

  /** An event whose ticket was overwritten is there, but may explain no acknowledgement. */
  private void assertWhole(Found found, String which) {
    assertThat(found.events()).as(which).containsAll(inbox.journaled);
    assertThat(found.checkouts()).as(which).containsAll(inbox.checkouts);
    Set<String> missing = new HashSet<>(inbox.old);
    missing.removeAll(found.events());
    Set<String> withoutTicket = new HashSet<>(inbox.old);
    withoutTicket.addAll(inbox.journaled);
    withoutTicket.removeAll(found.ticketed());
    assertThat(found.unaccounted())
        .as(which)
        .isBetween((long) missing.size(), (long) withoutTicket.size());
  }

  private List<Path> brokenFiles() throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().contains(".broken-")).toList();
    }
  }
}
