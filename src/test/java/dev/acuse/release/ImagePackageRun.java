package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image, read by a tool of engines, and its file system run in a namespace. */
class ImagePackageRun {
  private static Image image;

  @BeforeAll
  static void unpack() throws Exception {
    Artefacts.needRoot();
    image = Image.unpack();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci-archive:", "docker-archive:"})
  void bothKindsOfEnginesReadIt(String transport) throws Exception {
    String read =
        Command.run("skopeo", "inspect", "--config", transport + Artefacts.image()).well().output();

    JsonNode config = new ObjectMapper().readTree(read).path("config");
    assertThat(config.path("User").asText()).isEqualTo("10001:10001");
    assertThat(config.path("Volumes").has("/data")).isTrue();
    assertThat(config.path("ExposedPorts").has("8080/tcp")).isTrue();
    assertThat(config.path("ExposedPorts").has("8081/tcp")).isTrue();
  }

  @Test
  void podmanLoadsIt() {
    Path store = Artefacts.emptyFolder("podman");
    Command.Ended loaded =
        Command.run(
            "podman",
            "--root=" + store.resolve("root"),
            "--runroot=" + store.resolve("run"),
            "--storage-driver=vfs",
            "load",
            "--input=" + Artefacts.image());

    assertThat(loaded.well().output()).contains("acuse:" + Artefacts.VERSION);
  }

  @Test
  void aWebhookGoesThroughAsItsUserOnAReadOnlyRootAndItsHealthIsSeen() throws Exception {
    List<String> health = Image.texts(image.config().path("Healthcheck").path("Test"));
    assertThat(health.get(0)).isEqualTo("CMD");
    List<String> probe = image.entered(health.subList(1, health.size()));
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      Map<String, String> environment = image.environment(Installed.environment(sandbox));
      try (Installed acuse =
          Installed.start(
              Path.of("").toAbsolutePath(), environment, sandbox, image.entered(image.program()))) {
        acuse.sell(1);
        assertThat(Files.readString(Path.of("/proc/" + acuse.pid() + "/status")))
            .containsPattern("(?m)^Uid:\\s+10001\\s+10001\\s+10001\\s+10001$")
            .containsPattern("(?m)^CapEff:\\s+0+$");
        assertThat(Path.of("/proc/" + acuse.pid() + "/root/data"))
            .as("the archive of classes is in the volume")
            .isDirectoryContaining("glob:**/classes-*.jsa");
        assertThat(Command.run(Path.of(""), environment, probe).well().output())
            .contains("HTTP/1.1 200");
        assertThat(acuse.terminate()).isIn(0, 143);
        assertThat(Command.run(Path.of(""), environment, probe).status()).isEqualTo(1);
      }
    }
  }

  @Test
  void thereIsNothingInItThatTheUserMayWriteToButTheVolume() {
    String found =
        Command.run(
                "find",
                image.root().toString(),
                "-not",
                "-type",
                "l",
                "(",
                "-uid",
                "+0",
                "-o",
                "-perm",
                "/7022",
                ")",
                "-printf",
                "%P %U %m\n")
            .well()
            .output();

    assertThat(found.lines()).containsExactlyInAnyOrder("data 10001 700", "tmp 0 1777");
  }

  @Test
  void composeRunsThisImageWithItsHealthCheck() throws Exception {
    JsonNode services =
        new YAMLMapper().readTree(Path.of("src/deploy/compose.yml").toFile()).path("services");
    JsonNode acuse = services.path("acuse");

    assertThat(acuse.path("image").asText())
        .isEqualTo(image.manifest().path("RepoTags").path(0).asText())
        .isEqualTo("acuse:" + Artefacts.VERSION);
    assertThat(acuse.path("healthcheck").path("test"))
        .isEqualTo(image.config().path("Healthcheck").path("Test"));
    assertThat(acuse.path("volumes").path(0).asText()).endsWith(":/data");
    assertThat(acuse.path("environment").path("DATABASE_URL").asText())
        .contains(image.environment(Map.of()).get("DATABASE_URL"));
    assertThat(services.path("postgresql").path("profiles").path(0).asText())
        .isEqualTo("postgresql");
    assertThat(services.path("acuse").has("ports")).as("only the proxy is published").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker-compose -f src/deploy/compose.yml config --quiet",
        "caddy validate --adapter caddyfile --config src/deploy/Caddyfile"
      })
  void theToolsTakeTheFilesOfTheDeployment(String command) {
    Command.run(
            Path.of(""),
            Map.of("ACUSE_DOMAIN", "shop.example", "ACUSE_API_TOKEN", "text"),
            List.of(command.split(" ")))
        .well();
  }
}
