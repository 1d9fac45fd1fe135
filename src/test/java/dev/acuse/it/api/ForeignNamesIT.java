package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.TestDatabase;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DNS rebinding: a process without a token, whose resolver points foreign names to this machine and
 * throws at any other.
 */
@Tag("slow")
class ForeignNamesIT {
  /** Of letters that an address may have, and of others. */
  private static final List<String> REBOUND =
      List.of("bad.cc", "face.de", "cafe.fe", "dead.beef", "a.b.c.d", "127.0.0.1.nip.io", "evil");

  private static final List<String> OTHERS =
      List.of("feed.ee", "127.1", "2130706433", "0x7f.1", "[::ffff:7f00:1]", "localhost.", "");

  private static final List<String> OWN =
      List.of("localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::ffff:127.0.0.1]");

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static AcuseProcess acuse;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    database = TestDatabase.open(Engine.H2);
    database.disconnect();
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    List<String> names = new ArrayList<>(REBOUND);
    names.add("localhost");
    names.add(InetAddress.getLocalHost().getHostName());
    Path hosts = folder.resolve("hosts");
    Files.write(hosts, names.stream().map(name -> "127.0.0.1 " + name).toList());
    acuse =
        AcuseProcess.start(
            database, sandbox, Map.of("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts));
  }

  @AfterAll
  static void stop() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void onlyTheNamesOfThisMachineOpenAnythingWhereverOthersPoint() {
    int port = acuse.url("/").getPort();
    for (int[] way : new int[][] {{port, 0}, {port, 1}, {port, 2}, {acuse.adminPort(), 3}}) {
      String target =
          List.of(
                  "GET /api/stats",
                  "GET /console/events",
                  "POST /api/webhook-events/1/retry",
                  "GET /ping")
              .get(way[1]);
      for (String own : OWN) {
        assertThat(ask(way[0], target, own)).as("%s of %s", target, own).isNotEqualTo(403);
      }
      for (List<String> foreign : List.of(REBOUND, OTHERS)) {
        for (String name : foreign) {
          // Some are no host at all to Jetty.
          assertThat(ask(way[0], target, name)).as("%s of %s", target, name).isIn(400, 403);
          assertThat(ask(way[0], target, name + ":8080"))
              .as("%s of %s", target, name)
              .isIn(400, 403);
        }
      }
      for (String name : REBOUND) {
        assertThat(ask(way[0], target, name)).as("%s of %s", target, name).isEqualTo(403);
        String absolute = target.replace(" /", " http://" + name + "/");
        assertThat(ask(way[0], absolute, name)).as(absolute).isEqualTo(403);
        assertThat(ask(way[0], absolute, "localhost")).as(absolute).isIn(400, 403);
      }
    }
  }

  private static int ask(int port, String target, String host) {
    return RawAnswer.to(
            port, new byte[0], target + " HTTP/1.1", "Host: " + host, "Connection: close")
        .status();
  }
}
