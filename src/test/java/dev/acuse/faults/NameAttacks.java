package dev.acuse.faults;

import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Launch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * S3: a page of a stranger has a name that points to this machine, and asks by it (DNS rebinding).
 */
final class NameAttacks {
  private static final Peer LOCAL = Peer.number(1);

  private static final List<String> NAMES =
      List.of(
          "bad.cc",
          "face.de:80",
          "127.1",
          "2130706433",
          "127.0.0.1.example",
          "localhost.example",
          "127.0.0.01.bad.cc",
          "[::2]",
          "example.org");

  private static final List<String> PATHS =
      List.of("/api/stats", "/api/webhook-events", "/console", "/console/events");

  private static final List<String> ADMIN_PATHS =
      List.of("/healthcheck", "/metrics", "/threads", "/metrics/prometheus");

  private NameAttacks() {}

  static List<Attack> all() {
    return List.of(attack(Site.Kind.H2, 256), attack(Site.Kind.POSTGRESQL, 512));
  }

  /**
   * The names resolve to this machine, if they are given to a resolver; none is asked elsewhere.
   */
  static Attack attack(Site.Kind site, int heap) {
    return Attack.of(
        "S3 names that point to this machine",
        site,
        Launch.asInProduction(heap).with("-Djdk.net.hosts.file=" + hosts()),
        NameAttacks::ask);
  }

  private static Path hosts() {
    try {
      Path file = Path.of("target", "faults", "hosts").toAbsolutePath();
      Files.createDirectories(file.getParent());
      var lines = new StringBuilder("127.0.0.1 localhost\n");
      NAMES.forEach(
          name -> lines.append("127.0.0.1 ").append(name.replaceFirst(":.*", "")).append('\n'));
      return Files.writeString(file, lines);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void ask(Siege siege) throws IOException {
    AcuseProcess service = siege.stage().instance(0);
    int refused = 0;
    for (String name : NAMES) {
      for (String path : PATHS) {
        refused += refuses(siege, service.url(path), name);
      }
      for (String path : ADMIN_PATHS) {
        refused += refuses(siege, service.adminUrl(path), name);
      }
    }
    siege.note("requests for a foreign name refused", refused);
    mustAnswer(siege, service.url("/api/stats"));
    mustAnswer(siege, service.adminUrl("/healthcheck"));
  }

  private static int refuses(Siege siege, URI url, String name) throws IOException {
    int status = LOCAL.ask(url, "GET", "Host: " + name).status();
    if (status / 100 != 4) {
      siege.complain("%s answered %d to Host: %s".formatted(url.getPath(), status, name));
      return 0;
    }
    return 1;
  }

  /** It is not that everything is refused. */
  private static void mustAnswer(Siege siege, URI url) throws IOException {
    for (String host : List.of("localhost", "127.0.0.1:" + url.getPort(), "127.1.2.3", "[::1]")) {
      int status = LOCAL.ask(url, "GET", "Host: " + host).status();
      if (status != 200) {
        siege.complain("%s answered %d to Host: %s".formatted(url.getPath(), status, host));
      }
    }
  }
}
