package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The archive for any Linux, unpacked into a folder whose name has a blank. */
class ArchivePackageRun {
  private static Path folder;
  private static Path home;

  @BeforeAll
  static void unpack() {
    folder = Artefacts.emptyFolder("an archive");
    Command.run("tar", "-xzf", Artefacts.archive().toString(), "-C", folder.toString()).well();
    home = folder.resolve("acuse-" + Artefacts.VERSION);
  }

  private static String acuse() {
    return acuse(home);
  }

  private static String acuse(Path installed) {
    return installed.resolve("bin/acuse").toString();
  }

  @Test
  void aWebhookGoesThroughWithoutAnotherJava() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data folder"));
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        Installed acuse =
            Installed.start(
                data, Installed.environment(sandbox), sandbox, List.of(acuse(), "server"))) {
      acuse.sell(1);
      assertThat(acuse.terminate()).isIn(0, 143);
    }
    assertThat(data.resolve("data/acuse.mv.db")).exists();
  }

  @Test
  void itsFirstStartMakesAnArchiveOfClassesThatTheNextOneUses() throws Exception {
    // In a path with a blank Java 17 takes its own classes from the archive and none of the jar.
    Path plain = Artefacts.emptyFolder("archive-of-classes");
    Command.run("tar", "-xzf", Artefacts.archive().toString(), "-C", plain.toString()).well();
    Path installed = plain.resolve("acuse-" + Artefacts.VERSION);
    Path archives = Files.createDirectory(plain.resolve("archives"));
    Path data = Files.createDirectory(plain.resolve("data"));
    Path loaded = data.resolve("loaded");
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      Map<String, String> environment = new HashMap<>(Installed.environment(sandbox));
      environment.put("ACUSE_ARCHIVE_DIR", archives.toString());
      assertThat(startAndEnd(installed, data, environment, sandbox))
          .contains("starts for the first time");

      environment.put("ACUSE_JAVA_OPTS", "-Xlog:class+load:file=loaded:none");
      assertThat(startAndEnd(installed, data, environment, sandbox)).doesNotContain("acuse: ");
      assertThat(Files.readAllLines(loaded))
          .contains("dev.acuse.AcuseApplication source: shared objects file");

      for (Path archive : archives(archives)) {
        archive.toFile().setWritable(true);
        Files.writeString(archive, "no archive");
      }
      startAndEnd(installed, data, environment, sandbox);
      assertThat(Files.readAllLines(loaded))
          .noneMatch(line -> line.startsWith("dev.acuse.") && line.contains("shared objects file"));
    }
  }

  private static List<Path> archives(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".jsa")).toList();
      assertThat(found).hasSize(1);
      return found;
    }
  }

  private static String startAndEnd(
      Path installed, Path data, Map<String, String> environment, Sandbox sandbox)
      throws IOException, InterruptedException {
    try (Installed acuse =
        Installed.start(data, environment, sandbox, List.of(acuse(installed), "server"))) {
      assertThat(acuse.terminate()).isIn(0, 143);
      return acuse.output();
    }
  }

  @Test
  void itIsCalledThroughLinksFromAnywhere() throws Exception {
    Path links = Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(links.resolve("relative"), links.relativize(Path.of(acuse())));
    Files.createSymbolicLink(links.resolve("again"), Path.of("relative"));

    for (List<String> call :
        List.of(
            List.of(acuse(), "--version"),
            List.of("./relative", "--version"),
            List.of(links.resolve("again").toString(), "--version"),
            List.of("sh", "again", "--version"))) {
      assertThat(Command.run(links, Map.of("CDPATH", "/"), call).well().output().strip())
          .as(String.join(" ", call))
          .isEqualTo(Artefacts.VERSION);
    }
  }

  @Test
  void anIncompleteInstallationIsSaidInOneLine() throws Exception {
    Path broken = Files.createDirectories(folder.resolve("broken/bin"));
    Files.copy(Path.of(acuse()), broken.resolve("acuse"));

    Command.Ended ended = Command.run("sh", broken.resolve("acuse").toString(), "check");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output().lines())
        .singleElement()
        .asString()
        .contains("runtime/bin/java is missing");
  }

  @Test
  void optionsOfJavaMayBeAdded() {
    Command.Ended ended =
        Command.run(
            Path.of(""),
            Map.of("ACUSE_JAVA_OPTS", "-Xmx64m -XX:+PrintFlagsFinal"),
            List.of(acuse(), "-v"));

    assertThat(ended.well().output())
        .containsPattern("MaxHeapSize += 67108864")
        .containsPattern("UseSerialGC += true")
        .containsPattern("ExitOnOutOfMemoryError += true");
  }

  @Test
  void theSandboxRunsOnThisJavaAsWell() throws Exception {
    Path output = folder.resolve("sandbox.log");
    Process sandbox =
        new ProcessBuilder(acuse(), "sandbox", "--mp-port", "0", "--ghl-port", "0")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !sandbox.isAlive() || Files.readString(output).contains("MP_BASE_URL=http"));
      assertThat(sandbox.isAlive()).as(Files.readString(output)).isTrue();
    } finally {
      sandbox.destroyForcibly();
    }
  }

  @Test
  void itTrustsTheDistributionsCertificatesAndNoOther() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(home.resolve("runtime/lib/security/cacerts"))) {
      store.load(in, null);
    }
    Set<Certificate> trusted = new HashSet<>();
    for (String name : Collections.list(store.aliases())) {
      trusted.add(store.getCertificate(name));
    }

    assertThat(trusted).hasSizeGreaterThan(50).isEqualTo(distributions());
  }

  private static Set<Certificate> distributions() throws Exception {
    Set<Certificate> certificates = new HashSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/usr/share/ca-certificates/mozilla"), "*.crt")) {
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          certificates.add(CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
      }
    }
    return certificates;
  }

  @Test
  void theChecksumsAreThoseOfTheFiles() {
    Command.Ended checked =
        Command.run(
            Artefacts.FOLDER, Map.of(), List.of("sha256sum", "--check", "--strict", "SHA256SUMS"));

    assertThat(checked.well().output().lines())
        .hasSize(4)
        .anyMatch(line -> line.contains("-sbom.json"))
        .anyMatch(line -> line.contains("-oci.tar"))
        .anyMatch(line -> line.contains(".deb"))
        .anyMatch(line -> line.contains(".tar.gz"));
  }
}
