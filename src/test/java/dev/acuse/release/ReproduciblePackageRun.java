package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The same source makes the same bytes, elsewhere and with other habits. */
class ReproduciblePackageRun {
  @Test
  void anotherBuildElsewhereIsTheSameToTheByte() throws Exception {
    Path copy = Artefacts.emptyFolder("another place");
    Command.run("cp", "-r", "pom.xml", "config.yml", "LICENSE", "src", copy.toString()).well();

    Command.run(
            copy,
            Map.of("TZ", "America/Argentina/Buenos_Aires", "LANG", "es_AR.UTF-8"),
            List.of(
                "sh",
                "-c",
                "umask 002 && exec \"$@\"",
                "sh",
                maven(),
                "-Prelease",
                "package",
                "--batch-mode",
                "--quiet",
                "-Dmaven.test.skip=true",
                "-Djacoco.skip=true"))
        .well();

    Path again = copy.resolve("target/release");
    assertThat(names(again)).isEqualTo(names(Artefacts.FOLDER)).hasSize(5);
    for (String name : names(again)) {
      assertThat(Files.mismatch(again.resolve(name), Artefacts.FOLDER.resolve(name)))
          .as("the first byte of %s that differs", name)
          .isEqualTo(-1);
    }
  }

  private static String maven() {
    String home = System.getProperty("maven.home", "");
    return home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
