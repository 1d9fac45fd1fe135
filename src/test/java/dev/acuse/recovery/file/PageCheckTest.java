package dev.acuse.recovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.recovery.BrokenInbox;
import dev.acuse.recovery.HungryPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageCheckTest {
  private static final int EVENTS = 600;

  private BrokenInbox inbox;
  private byte[] image;

  @BeforeAll
  void fill(@TempDir Path folder) throws Exception {
    inbox = new BrokenInbox(folder);
    inbox.fill(EVENTS);
    image = inbox.image();
  }

  @Test
  void fileThatIsWholeHoldsNothingThatCannotBe() throws Exception {
    inbox.leave(image, Map.of());
    assertThat(PageCheck.impossible(inbox.files().data())).isNull();

    assertThat(inbox.start().starts()).isEqualTo(1);
    assertThat(PageCheck.impossible(inbox.files().data())).isNull();
  }

  @Test
  void lengthInATableAnIndexOrANameIsFound() throws Exception {
    byte[] row = image.clone();
    assertThat(HungryPage.make(row, "new-run-300")).isPositive();
    inbox.leave(row, Map.of());
    assertThat(PageCheck.impossible(inbox.files().data())).as("a row").isNotNull();

    byte[] name = image.clone();
    assertThat(HungryPage.makeName(name, "name.table.0")).isPositive();
    inbox.leave(name, Map.of());
    assertThat(PageCheck.impossible(inbox.files().data())).as("a name").isNotNull();

    byte[] index = image.clone();
    assertThat(HungryPage.makeKey(index, "new-run-300")).isPositive();
    inbox.leave(index, Map.of());
    assertThat(PageCheck.impossible(inbox.files().data())).as("a key").isNotNull();
  }

  @Test
  void otherJunkIsLeftToH2ToFind() throws Exception {
    var random = new Random(7);
    for (int i = 0; i < 20; i++) {
      byte[] bad = Arrays.copyOf(image, image.length - random.nextInt(image.length));
      Path file = Files.write(inbox.files().finished().resolveSibling("cut"), bad);

      assertThat(PageCheck.impossible(file)).as("cut at %d", bad.length).isNull();
    }
  }
}
