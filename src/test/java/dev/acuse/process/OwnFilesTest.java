package dev.acuse.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
  @TempDir private Path folder = Path.of("target");

  @Test
  void ofH2EachOfItsFilesIsClosedToOthersAndNoOther() throws IOException {
    List<String> ours =
        List.of(
            "acuse.mv.db",
            "acuse.trace.db",
            "acuse.trace.db.old",
            "acuse.lock.db",
            "acuse.17.temp.db",
            "acuse.mv.db.tempFile");
    List<String> others =
        List.of("acuse", "acuse.txt", "acuse2.mv.db", "xacuse.mv.db", "acuse.temp.db", "a.mv.db");
    for (String name : ours) {
      readable(name);
    }
    for (String name : others) {
      readable(name);
    }

    OwnFiles.ofH2(folder.resolve("acuse")).restrict();

    assertThat(ours).allSatisfy(name -> assertThat(mode(name)).isEqualTo("rw-------"));
    assertThat(others).allSatisfy(name -> assertThat(mode(name)).isEqualTo("rw-r--r--"));
    assertThat(mode("")).isEqualTo("rwxr-xr-x");
  }

  @Test
  void archivesOfALogAreKnownByTheirPatternAlsoWhileTheyAreCompressed() throws IOException {
    readable("webhook-2026-03-02.log.gz");
    readable("webhook-2026-03-02.log.gz4711.tmp");
    readable("other.log.gz");
    Files.createDirectories(folder.resolve("2026/03"));
    readable("2026/03/webhook.1.log");

    OwnFiles.ofLog(folder + "/webhook-%d.log.gz").restrict();
    OwnFiles.ofLog(folder + "/%d{yyyy/MM, aux}/webhook.%i.log").restrict();

    assertThat(mode("webhook-2026-03-02.log.gz")).isEqualTo("rw-------");
    assertThat(mode("webhook-2026-03-02.log.gz4711.tmp")).isEqualTo("rw-------");
    assertThat(mode("other.log.gz")).isEqualTo("rw-r--r--");
    assertThat(mode("2026/03/webhook.1.log")).isEqualTo("rw-------");
  }

  @Test
  void whatALinkPointsToIsLeft() throws IOException {
    readable("elsewhere");
    Files.createSymbolicLink(folder.resolve("acuse.mv.db"), folder.resolve("elsewhere"));

    OwnFiles.ofH2(folder.resolve("acuse")).restrict();

    assertThat(mode("elsewhere")).isEqualTo("rw-r--r--");
  }

  @Test
  void foldersThatAreMadeArePrivateAndThoseThatAreThereStay() throws IOException {
    Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(
        folder.resolve("shared"), PosixFilePermissions.fromString("rwxrwxr-x"));

    PrivateFiles.makeFolder(folder.resolve("shared/data/spool"));
    PrivateFiles.makeFolder(folder.resolve("shared"));
    PrivateFiles.prepare(folder.resolve("shared/logs/webhook.log"));

    assertThat(mode("shared")).isEqualTo("rwxrwxr-x");
    assertThat(mode("shared/data")).isEqualTo("rwx------");
    assertThat(mode("shared/data/spool")).isEqualTo("rwx------");
    assertThat(mode("shared/logs")).isEqualTo("rwx------");
    assertThat(mode("shared/logs/webhook.log")).isEqualTo("rw-------");
  }

  @Test
  void whereAFileSystemKnowsNoPermissionsNothingFails() throws IOException {
    URI zip = URI.create("jar:" + folder.resolve("files.zip").toUri());
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = files.getPath("/data/spool");
      PrivateFiles.makeFolder(inside);
      PrivateFiles.prepare(inside.resolve("prepared"));
      try (FileChannel channel =
          PrivateFiles.open(
              inside.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[] {1}));
      }
      PrivateFiles.restrict(inside.resolve("file"));

      assertThat(Files.size(inside.resolve("file"))).isEqualTo(1);
      assertThat(inside.resolve("prepared")).exists();
    }
  }

  @Test
  void whatCannotBeMadeOrListedIsLeftToItsLibrary() throws IOException {
    readable("file");

    PrivateFiles.prepare(folder.resolve("file/below/acuse.mv.db"));
    OwnFiles.ofH2(folder.resolve("missing/acuse")).restrict();
    OwnFiles.ofLog(folder.resolve("file/below/x.log").toString()).makeFolder();

    assertThat(folder.resolve("file")).isRegularFile();
  }

  private void readable(String name) throws IOException {
    Path file = Files.createFile(folder.resolve(name));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
  }
}
