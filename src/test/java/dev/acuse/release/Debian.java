package dev.acuse.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small Debian in a folder, without systemd: what is run in it has it for the root. */
final class Debian {
  private static final Pattern SETTING = Pattern.compile("(?m)^(\\w+)=(.*)$");

  private final Path root;

  private Debian(Path root) {
    this.root = root;
  }

  /** Makes one of the distribution's packages, by mmdebstrap, with what the package depends on. */
  static Debian make() {
    Path folder = Artefacts.emptyFolder("debian");
    Path root = folder.resolve("root");
    Command.run(
            "mmdebstrap",
            "--quiet",
            "--variant=minbase",
            "--include=adduser,debconf,libgcc-s1,libstdc++6,zlib1g",
            "bookworm",
            root.toString())
        .well();
    return new Debian(root);
  }

  /** A file in it. */
  Path file(String path) {
    return root.resolve(path.substring(1));
  }

  /** Installs a package from its file, without a network, as a package manager would upgrade. */
  Command.Ended install(Path debianPackage) throws IOException {
    Path copy = root.resolve("tmp").resolve(debianPackage.getFileName());
    Files.copy(debianPackage, copy, StandardCopyOption.REPLACE_EXISTING);
    return run("apt-get", "install", "-qy", "/tmp/" + debianPackage.getFileName());
  }

  /** Runs a command without a network, a terminal and a question. */
  Command.Ended run(String... command) {
    return Command.run(
        Path.of(""), Map.of("DEBIAN_FRONTEND", "noninteractive"), entered(true, command));
  }

  /** What runs a command in it: in the process itself, so that a signal reaches it. */
  List<String> entered(boolean offline, String... command) {
    List<String> whole = new ArrayList<>(List.of("unshare", "--mount"));
    if (offline) {
      whole.add("--net");
    }
    // A machine without a network still has itself.
    String enter =
        (offline ? "ip link set lo up && " : "")
            + "mount -t proc proc \"$0/proc\" && mount -t tmpfs tmpfs \"$0/run\" && exec chroot \"$0\" \"$@\"";
    whole.addAll(List.of("sh", "-c", enter, root.toString()));
    whole.addAll(List.of(command));
    return whole;
  }

  /**
   * What systemd would start: the unit's command, as its user and in its folder.
   *
   * @param arguments more of them
   */
  List<String> unitsCommand(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + unit("User"),
                "--regid=" + unit("Group"),
                "--init-groups",
                "--no-new-privs",
                "sh",
                "-c",
                "umask " + unit("UMask") + "; cd \"$0\" && exec \"$@\"",
                unit("WorkingDirectory")));
    command.addAll(List.of(unit("ExecStart").split(" ")));
    command.addAll(List.of(arguments));
    return entered(false, command.toArray(String[]::new));
  }

  /** The variables that the unit's files give it; plain ones, because the test wrote the values. */
  Map<String, String> unitsEnvironment() throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String file : settings("EnvironmentFile")) {
      Matcher line = SETTING.matcher(Files.readString(file(file)));
      while (line.find()) {
        environment.put(line.group(1), line.group(2).replaceAll("^\"|\"$", ""));
      }
    }
    return environment;
  }

  private String unit(String name) throws IOException {
    return settings(name).get(0);
  }

  private List<String> settings(String name) throws IOException {
    return Files.readAllLines(file("/lib/systemd/system/acuse.service")).stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }
}
