package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.Launch;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes by which a start is shorter. */
@Tag("slow")
class ArchiveIT {
  private static final String FROM_ARCHIVE = "source: shared objects file";

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database = TestDatabase.open(Engine.H2);
  @TempDir private Path folder = Path.of("target");

  @BeforeEach
  void release() {
    database.disconnect();
  }

  @AfterEach
  void close() {
    database.close();
    sandbox.close();
  }

  @Test
  void aStartTakesItsClassesFromIt() throws IOException {
    Path archive = folder.resolve("acuse.jsa");
    AcuseCommand.Ended made = archive(archive);
    assertThat(made.output()).contains("acuse.jsa is there");
    assertThat(made.status()).isZero();
    assertThat(folder)
        .as("what it needed meanwhile is gone")
        .isDirectoryContaining("glob:**acuse.jsa")
        .isDirectoryNotContaining(file -> !file.equals(archive));

    // With -Xshare:on the JVM refuses to start where the archive does not fit.
    List<String> loaded = ownClasses(archive, "-Xshare:on");
    assertThat(loaded).hasSizeGreaterThan(300);
    assertThat(loaded)
        .as("what this start needed and the one before did not, as one that finds its file")
        .filteredOn(line -> !line.contains(FROM_ARCHIVE))
        .hasSizeLessThan(loaded.size() / 20);

    assertThat(ownClasses(archive, "-XX:StartFlightRecording=filename=" + folder.resolve("jfr")))
        .as("a start that is recorded asks for the file of each class")
        .isNotEmpty();
  }

  @Test
  void aStartDoesWithoutOneThatDoesNotFit() throws IOException {
    Path other = folder.resolve("other.jsa");
    Files.writeString(other, "no archive");

    assertThat(ownClasses(other, "-Xshare:auto"))
        .isNotEmpty()
        .noneMatch(line -> line.contains(FROM_ARCHIVE));
  }

  @Test
  void whatCannotBeMadeIsSaidInALine() throws IOException {
    AcuseCommand.Ended nowhere = archive(folder.resolve("missing").resolve("acuse.jsa"));
    assertThat(nowhere.status()).isEqualTo(1);
    assertThat(nowhere.output()).hasLineCount(1).contains("missing is no folder");

    Path config = folder.resolve("wrong.yml");
    Files.writeString(config, "servr: {}\n");
    AcuseCommand.Ended wrong =
        AcuseCommand.run(
            AcuseCommand.environment(database, sandbox),
            "archive",
            "--to",
            folder.resolve("acuse.jsa").toString(),
            config.toString());
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.output()).hasLineCount(1).contains("was not made").contains("servr");
    assertThat(folder.resolve("acuse.jsa")).doesNotExist();
  }

  private AcuseCommand.Ended archive(Path file) {
    return AcuseCommand.run(
        AcuseCommand.environment(database, sandbox),
        "archive",
        "--to",
        file.toString(),
        "config.yml");
  }

  /** What a start says of each class of ours that it loads. */
  private List<String> ownClasses(Path archive, String option) throws IOException {
    Path loaded = folder.resolve("loaded");
    Launch launch =
        Launch.shortLived()
            .with("-XX:SharedArchiveFile=" + archive)
            .with(option)
            .with("-Xlog:class+load:file=" + loaded + ":none");
    try (var acuse = AcuseProcess.startJar(launch, database, sandbox, Map.of())) {
      acuse.terminate();
    }
    try (Stream<String> lines = Files.lines(loaded)) {
      return lines.filter(line -> line.startsWith("dev.acuse.") && !line.contains("$$")).toList();
    }
  }
}
