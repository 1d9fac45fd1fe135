package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The image, unpacked, and what an engine would make of it: a read-only root and a volume. */
final class Image {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final JsonNode manifest;
  private final JsonNode config;

  private Image(Path root, JsonNode manifest, JsonNode config) {
    this.root = root;
    this.manifest = manifest;
    this.config = config;
  }

  /** Unpacks its layers, one over the other. */
  static Image unpack() throws IOException {
    Path folder = Artefacts.emptyFolder("image");
    Path root = Files.createDirectory(folder.resolve("root"));
    Command.run("tar", "-xf", Artefacts.image().toString(), "-C", folder.toString()).well();
    JsonNode manifest = JSON.readTree(folder.resolve("manifest.json").toFile()).path(0);
    for (JsonNode layer : manifest.path("Layers")) {
      String file = folder.resolve(layer.asText()).toString();
      Command.run("tar", "-xpzf", file, "--numeric-owner", "-C", root.toString()).well();
    }
    // An engine puts these there.
    for (String mount : List.of("proc", "dev")) {
      Files.createDirectory(root.resolve(mount));
    }
    return new Image(
        root, manifest, JSON.readTree(folder.resolve(manifest.path("Config").asText()).toFile()));
  }

  /** Docker's manifest. */
  JsonNode manifest() {
    return manifest;
  }

  /** How it wants to be run. */
  JsonNode config() {
    return config.path("config");
  }

  /** Where it is unpacked. */
  Path root() {
    return root;
  }

  /** The variables that it comes with, and these. */
  Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode variable : config().path("Env")) {
      String[] pair = variable.asText().split("=", 2);
      environment.put(pair[0], pair[1]);
    }
    environment.putAll(more);
    return environment;
  }

  /** Its entry point and its command. */
  List<String> program() {
    List<String> program = new ArrayList<>(texts(config().path("Entrypoint")));
    program.addAll(texts(config().path("Cmd")));
    return program;
  }

  /** The words of an array. */
  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    assertThat(texts).isNotEmpty();
    return texts;
  }

  /**
   * What runs a program in it as its user: the root is read-only, the volume is new, and there is
   * nothing else but {@code /proc} and four devices.
   */
  List<String> entered(List<String> program) {
    String user = config().path("User").asText();
    String script =
        """
        set -e
        export IMAGE_PATH="$PATH" PATH=/usr/sbin:/usr/bin:/sbin:/bin
        mount --bind "$0" "$0"
        mount -t proc proc "$0/proc"
        mount -t tmpfs -o mode=755 tmpfs "$0/dev"
        for device in null zero random urandom; do
          : >"$0/dev/$device"
          mount --bind "/dev/$device" "$0/dev/$device"
        done
        owner=$(stat -c uid=%u,gid=%g,mode=%a "$0/data")
        mount -t tmpfs -o "$owner" tmpfs "$0/data"
        mount -o remount,bind,ro "$0"
        user=$1
        shift
        cd "$0"
        exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$0" \
          /bin/sh -c 'PATH=$IMAGE_PATH; cd "$0" && exec "$@"' /data "$@"
        """;
    List<String> command =
        new ArrayList<>(
            List.of("unshare", "--mount", "--ipc", "--uts", "sh", "-c", script, root.toString()));
    command.add(user);
    command.addAll(program);
    return command;
  }
}
