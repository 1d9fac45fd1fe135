package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PreviousReleaseIT {

  @Test
  void isBuiltOnceFromItsOwnCommit() throws Exception {
    PreviousRelease release = PreviousRelease.build();
    var builtAt = Files.getLastModifiedTime(release.jar());

    assertThat(PreviousRelease.build()).isEqualTo(release);
    assertThat(Files.getLastModifiedTime(release.jar())).isEqualTo(builtAt);
    assertThat(release.config()).content().contains("migrateOnStart");
    try (var jar = new JarFile(release.jar().toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("dev.acuse.AcuseApplication");
      assertThat(new String(bytes(jar, "migrations.xml"), StandardCharsets.UTF_8))
          .isEqualTo(Files.readString(sources(release).resolve("migrations.xml")));
    }
  }

  private static Path sources(PreviousRelease release) {
    return release.config().resolveSibling(Path.of("src", "main", "resources"));
  }

  private static byte[] bytes(JarFile jar, String name) throws IOException {
    try (var content = jar.getInputStream(jar.getEntry(name))) {
      return content.readAllBytes();
    }
  }
}
