package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The unit forbids system calls; this machine has no systemd that would, so they are compared. */
class SystemCallsPackageRun {
  private static final Pattern FILTER =
      Pattern.compile("(?m)^SystemCallFilter=(~?)(@[a-z-]+(?: @[a-z-]+)*)$");
  private static final Pattern CALLED = Pattern.compile("(?m)^[ 0-9.]+ ([a-z0-9_]+)$");

  @Test
  void aServiceThatSellsMakesNoCallThatTheUnitForbids() throws Exception {
    Path folder = Artefacts.emptyFolder("system calls");
    Command.run("tar", "-xzf", Artefacts.archive().toString(), "-C", folder.toString()).well();
    String acuse = folder.resolve("acuse-" + Artefacts.VERSION + "/bin/acuse").toString();
    Path calls = folder.resolve("calls");
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        Installed installed =
            Installed.start(
                folder,
                Installed.environment(sandbox),
                sandbox,
                List.of("strace", "-f", "-qq", "-c", "-o", calls.toString(), acuse, "server"))) {
      installed.sell(1);
      assertThat(installed.get("/console")).isLessThan(400);
      // strace passes the signal on by none of its own: it is sent to what it watches.
      Command.run("pkill", "-TERM", "-P", String.valueOf(installed.pid())).well();
      installed.awaitEnd();
    }

    Set<String> made = new TreeSet<>();
    CALLED.matcher(Files.readString(calls)).results().forEach(call -> made.add(call.group(1)));
    made.remove("total");
    assertThat(made).contains("futex", "openat", "fsync").isSubsetOf(allowed());
  }

  private static Set<String> allowed() throws Exception {
    Set<String> allowed = new TreeSet<>();
    List<MatchResult> filters =
        FILTER.matcher(Files.readString(Path.of("src/deb/acuse.service"))).results().toList();
    assertThat(filters).hasSizeGreaterThan(1);
    for (MatchResult filter : filters) {
      for (String group : List.of(filter.group(2).split(" ", -1))) {
        if (filter.group(1).isEmpty()) {
          allowed.addAll(calls(group));
        } else {
          allowed.removeAll(calls(group));
        }
      }
    }
    return allowed;
  }

  /** What systemd means by a group, with the groups within it. */
  private static Set<String> calls(String group) {
    Set<String> calls = new TreeSet<>();
    Command.run("systemd-analyze", "--no-pager", "syscall-filter", group)
        .well()
        .output()
        .lines()
        .skip(1)
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(line -> calls.addAll(line.startsWith("@") ? calls(line) : Set.of(line)));
    return calls;
  }
}
