package dev.acuse.account.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.text.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
  private static final SealedPlace PLACE =
      new SealedPlace("accounts", "access_token", UUID.randomUUID());

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("data").resolve("acuse.key");
  }

  @Test
  void theFileIsMadeAtFirstNeedAndIsPrivate() throws Exception {
    Keys keys = new Keys(Secret.NONE, file);
    assertThat(keys.ring().isEmpty()).isTrue();
    assertThat(file).doesNotExist();

    String sealed = keys.toSeal().seal(PLACE, "text");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> all = Files.list(folder.resolve("data"))) {
      assertThat(all).as("nothing half-made is left").containsExactly(file);
    }
    assertThat(new Keys(Secret.NONE, file).ring().open(PLACE, sealed)).contains("text");
    String content = Files.readString(file);
    assertThat(keys.toSeal().open(PLACE, sealed)).contains("text");
    assertThat(file).as("it is made once").hasContent(content.strip());
  }

  @Test
  void withoutAFileTheVariableIsAskedFor() {
    Keys keys = new Keys(Secret.NONE, null);

    assertThatThrownBy(keys::toSeal)
        .isInstanceOf(NoKeyException.class)
        .hasMessageContaining("ACUSE_KEY is not set");
  }

  @Test
  void aFileThatHoldsNoKeyIsNeitherUsedNorReplaced() throws Exception {
    Files.createDirectories(file.getParent());
    for (String content : new String[] {"", "torn", Keyring.newKey().substring(5)}) {
      Files.writeString(file, content);
      Keys keys = new Keys(Secret.NONE, file);

      assertThat(keys.trouble()).contains(file.toString()).doesNotContain("torn");
      assertThatThrownBy(keys::toSeal)
          .isInstanceOf(NoKeyException.class)
          .hasMessageContaining(file.toString());
      assertThat(file).hasContent(content);
    }
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(new Keys(Secret.NONE, file).trouble()).contains("cannot be read");
  }

  @Test
  void theVariableGoesBeforeTheFile() {
    Keys ofFile = new Keys(Secret.NONE, file);
    String old = ofFile.toSeal().seal(PLACE, "text");
    Keys both = new Keys(Secret.of(Keyring.newKey()), file);

    String fresh = both.toSeal().seal(PLACE, "text");

    assertThat(both.ring().open(PLACE, old)).contains("text");
    assertThat(ofFile.ring().open(PLACE, fresh)).isEmpty();
    assertThat(both.addNew()).as("the variable's an operator changes").isFalse();
  }

  @Test
  void aFileIsRotatedInTwoSteps() throws Exception {
    Keys keys = new Keys(Secret.NONE, file);
    assertThat(keys.addNew()).as("there is none yet").isFalse();
    String old = keys.toSeal().seal(PLACE, "text");

    assertThat(keys.addNew()).isTrue();
    String fresh = keys.ring().seal(PLACE, "text");
    assertThat(new Keys(Secret.NONE, file).ring().open(PLACE, old)).contains("text");
    keys.dropOlder();

    assertThat(keys.ring().open(PLACE, old)).isEmpty();
    assertThat(keys.ring().open(PLACE, fresh)).contains("text");
    assertThat(new Keys(Secret.NONE, file).ring().open(PLACE, fresh)).contains("text");
    assertThat(Files.readString(file)).doesNotContain(",");
  }
}
