package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.PreviousRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Debian package, installed by apt in a Debian of its own, without a network. */
class DebianPackageRun {
  private static final String DATA = "/var/lib/acuse/acuse.mv.db";

  private static Debian debian;

  @BeforeAll
  static void installDebian() {
    Artefacts.needRoot();
    debian = Debian.make();
  }

  @Test
  void itIsInstalledUpgradedRemovedAndPurgedAndKeepsTheDataUntilItIsToldOtherwise()
      throws Exception {
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      anOlderVersionSells(sandbox);
      int port = port();
      thisVersionGoesOn(sandbox);
      assertThat(port()).as("the settings are the operator's").isEqualTo(port);
    }
    theCommandRunsAsTheServiceDoes();
    removalKeepsTheData();
    aPurgeWithoutAnAnswerKeepsTheData();
    aPurgeThatIsToldToDeletesIt();
  }

  private static void anOlderVersionSells(Sandbox sandbox) throws Exception {
    PreviousRelease release = PreviousRelease.build();
    Path older = Artefacts.debianPackage("0.9.0", release.jar(), release.config());
    debian.install(older).well();
    assertThat(debian.run("stat", "-c", "%U:%G %a", "/etc/acuse/acuse.env").output())
        .isEqualTo("root:acuse 640\n");
    writeEnvironment(Installed.environment(sandbox));
    // The release of then wants its file named.
    try (Installed acuse =
        Installed.start(
            Path.of("").toAbsolutePath(),
            debian.unitsEnvironment(),
            sandbox,
            debian.unitsCommand("/etc/acuse/config.yml"))) {
      acuse.sell(1);
      assertThat(acuse.terminate()).isIn(0, 143);
    }
    assertThat(debian.file(DATA)).exists();
  }

  private static void writeEnvironment(Map<String, String> environment) throws IOException {
    var lines = new StringBuilder();
    environment.forEach((name, value) -> lines.append(name + "=" + value + "\n"));
    Files.writeString(debian.file("/etc/acuse/acuse.env"), lines);
  }

  private static int port() throws IOException {
    return Integer.parseInt(debian.unitsEnvironment().getOrDefault("PORT", ""));
  }

  private static void thisVersionGoesOn(Sandbox sandbox) throws Exception {
    debian.install(Artefacts.debianPackage()).well();
    assertThat(debian.run("acuse", "--version").well().output().strip())
        .isEqualTo(Artefacts.VERSION);
    assertThat(debian.file("/etc/acuse/config.yml")).hasSameTextualContentAs(Path.of("config.yml"));
    Files.writeString(
        debian.file("/etc/acuse/acuse.env"),
        "ACUSE_JAVA_OPTS=-Xlog:class+load:file=/var/lib/acuse/loaded:none\n",
        StandardOpenOption.APPEND);
    try (Installed acuse =
        Installed.start(
            Path.of("").toAbsolutePath(),
            debian.unitsEnvironment(),
            sandbox,
            debian.unitsCommand())) {
      assertThat(acuse.events()).as("what the older version stored").isEqualTo(1);
      acuse.sell(2);
      assertThat(acuse.events()).isEqualTo(2);
      assertThat(acuse.terminate()).isIn(0, 143);
    }
    assertThat(Files.readAllLines(debian.file("/var/lib/acuse/loaded")))
        .as("the archive of classes that the installation made")
        .contains("dev.acuse.AcuseApplication source: shared objects file");
    assertThat(
            debian
                .run("sh", "-c", "stat -c '%U %a' /usr/lib/acuse/lib/classes-*.jsa")
                .well()
                .output())
        .isEqualTo("root 644\n");
  }

  private static void theCommandRunsAsTheServiceDoes() {
    debian.run("acuse", "check").well();
    assertThat(debian.run("acuse", "db", "status").well().output()).contains("up to date");
    assertThat(
            debian.run("find", "/var/lib/acuse", "/var/log/acuse", "!", "-user", "acuse").output())
        .as("what belongs to another user")
        .isEmpty();
    debian
        .run("setpriv", "--reuid=acuse", "--regid=acuse", "--init-groups", "acuse", "check")
        .well();

    Command.Ended stranger =
        debian.run(
            "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "acuse", "check");
    assertThat(stranger.status()).isEqualTo(1);
    assertThat(stranger.output().lines()).singleElement().asString().contains("sudo acuse check");
  }

  private static void removalKeepsTheData() {
    debian.run("apt-get", "remove", "-qy", "acuse").well();
    assertThat(debian.file("/usr/bin/acuse")).doesNotExist();
    assertThat(debian.file("/usr/lib/acuse")).doesNotExist();
    assertThat(debian.file(DATA)).exists();
    assertThat(debian.file("/var/log/acuse/webhook.log")).exists();
    assertThat(debian.file("/etc/acuse/acuse.env")).exists();
  }

  private static void aPurgeWithoutAnAnswerKeepsTheData() {
    debian.run("apt-get", "purge", "-qy", "acuse").well();
    assertThat(debian.file("/etc/acuse")).doesNotExist();
    assertThat(debian.file(DATA)).exists();
  }

  private static void aPurgeThatIsToldToDeletesIt() throws IOException {
    debian.install(Artefacts.debianPackage()).well();
    assertThat(debian.file(DATA)).exists();
    debian
        .run("sh", "-c", "echo acuse acuse/purge-data boolean true | debconf-set-selections")
        .well();
    debian.run("apt-get", "purge", "-qy", "acuse").well();
    assertThat(debian.file("/var/lib/acuse")).doesNotExist();
    assertThat(debian.file("/var/log/acuse")).doesNotExist();
    assertThat(debian.run("getent", "passwd", "acuse").output()).isEmpty();
  }

  @Test
  void theUnitIsHardened() {
    Command.Ended rated =
        Command.run(
            "systemd-analyze", "security", "--offline=true", "--no-pager", "src/deb/acuse.service");
    var level =
        Pattern.compile("Overall exposure level for acuse.service: ([0-9.]+)")
            .matcher(rated.output());
    assertThat(level.find()).as(rated.output()).isTrue();
    assertThat(Double.parseDouble(level.group(1))).isLessThanOrEqualTo(2.0);
  }

  @Test
  void lintianFindsNoMistake() {
    Command.Ended judged =
        Command.run(
            "lintian", "--allow-root", "--fail-on", "error", Artefacts.debianPackage().toString());
    judged.well();
  }
}
