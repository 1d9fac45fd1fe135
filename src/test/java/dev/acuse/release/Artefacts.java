package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** What {@code mvn -Prelease package} has made. */
final class Artefacts {
  /** Where it is. */
  static final Path FOLDER = Path.of("target", "release").toAbsolutePath();

  /** The version that the build names. */
  static final String VERSION =
      Objects.requireNonNull(System.getProperty("acuse.version"), "run mvn -Prelease verify");

  private Artefacts() {}

  /** The archive for any Linux. */
  static Path archive() {
    return FOLDER.resolve("acuse-" + VERSION + "-linux-x86_64.tar.gz");
  }

  /** The image. */
  static Path image() {
    return FOLDER.resolve("acuse-" + VERSION + "-oci.tar");
  }

  /** The Debian package. */
  static Path debianPackage() {
    return FOLDER.resolve("acuse_" + VERSION + "_amd64.deb");
  }

  /**
   * A folder for what is unpacked, empty.
   *
   * @param name below {@code target}
   */
  static Path emptyFolder(String name) {
    Path folder = Path.of("target", "release-run", name).toAbsolutePath();
    Command.run("rm", "-rf", "--one-file-system", folder.toString()).well();
    Command.run("mkdir", "-p", folder.toString()).well();
    return folder;
  }

  /** Packs a jar as this version is packed, under another version's name. */
  static Path debianPackage(String version, Path jar, Path config) {
    Path work = emptyFolder("package-" + version);
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home"),
            "SOURCE_DATE_EPOCH",
            "1700000000",
            "LC_ALL",
            "C");
    String script =
        """
        set -e
        sh src/deploy/home.sh "$1" "$2" "$3/home"
        sh src/deb/build.sh "$4" "$3/home" "$3/deb" "$3"
        """;
    Command.run(
            Path.of(""),
            environment,
            List.of(
                "sh",
                "-c",
                script,
                "sh",
                jar.toString(),
                config.toString(),
                work.toString(),
                version))
        .well();
    Path made = work.resolve("acuse_" + version + "_amd64.deb");
    assertThat(made).isRegularFile();
    return made;
  }

  /** Only root may unpack with owners, change the root and mount. */
  static void needRoot() {
    Assumptions.assumeTrue(
        Command.run("id", "-u").output().strip().equals("0"), "this needs the rights of root");
  }
}
