package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command reads its environment as systemd reads that of the service. systemd's own parser is
 * asked as well: the generator of the user's environment has the same, but for {@code $}.
 */
class EnvironmentFilePackageRun {
  private static final Path SYSTEMD =
      Path.of("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

  /** What stands behind a name, each with what it means. */
  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("plain", "plain"),
          Map.entry("two words  ", "two words"),
          Map.entry("  indented", "indented"),
          Map.entry("\"a 'single' inside\"", "a 'single' inside"),
          Map.entry("'a \"double\" \\ back'", "a \"double\" \\ back"),
          Map.entry("a\"b\"c", "a\"b\"c"),
          Map.entry("it's", "it's"),
          Map.entry("'it'\"'\"'s'", "it's"),
          Map.entry("\"x\"'y'z", "xyz"),
          Map.entry("\"a\" \"b\"", "ab"),
          Map.entry("\"\\\" \\\\ \\n\"", "\" \\ \\n"),
          Map.entry("back\\ slash\\\\end", "back slash\\end"),
          Map.entry("trail\\  ", "trail "),
          Map.entry("cont\\\ninued", "continued"),
          Map.entry("\"two\nlines\"", "two\nlines"),
          Map.entry("x;semi#hash", "x;semi#hash"),
          Map.entry("ñandú — 金", "ñandú — 金"),
          Map.entry("jdbc:h2:file:/x;MODE=PostgreSQL", "jdbc:h2:file:/x;MODE=PostgreSQL"));

  /** What systemd expands for the user, and not for a service. */
  private static final Map<String, String> DOLLARS =
      Map.of(
          "$HOME",
          "$HOME",
          "pa$$word`id`$(id)",
          "pa$$word`id`$(id)",
          "'${HOME} $1'",
          "${HOME} $1",
          "\"\\$HOME\"",
          "$HOME");

  @TempDir Path folder;

  @Test
  void aValueMeansTheSameToTheCommandAndToTheService() throws Exception {
    for (Map.Entry<String, String> value : VALUES.entrySet()) {
      assertThat(commands("A=" + value.getKey() + "\n"))
          .as(value.getKey())
          .isEqualTo(value.getValue());
      assertThat(systemds("A=" + value.getKey() + "\n"))
          .as("systemd's %s", value.getKey())
          .isEqualTo(value.getValue());
    }
  }

  @Test
  void nothingIsExpandedAndNothingIsRun() throws Exception {
    for (Map.Entry<String, String> value : DOLLARS.entrySet()) {
      assertThat(commands("A=" + value.getKey() + "\n"))
          .as(value.getKey())
          .isEqualTo(value.getValue());
    }
  }

  @Test
  void whatIsNoSettingIsPassedOver() throws Exception {
    for (String text :
        List.of(
            "# A=no\n; A=no\n\n  A = yes\n",
            "nothing\nA=yes\nB\n",
            "export A=no\nA-B=no\nA=yes\n",
            "A=no\r\nA=yes\r\n",
            "A=no\nA=yes")) {
      assertThat(commands(text)).as(text).isEqualTo("yes");
      assertThat(systemds(text)).as("systemd's %s", text).isEqualTo("yes");
    }
  }

  private String commands(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("acuse.env"), text);
    return Command.run(
            "sh",
            "-c",
            "eval \"$(awk -f src/deb/environment.awk \"$1\")\"; env -0 | sed -zn 's/^A=//p' | tr -d '\\0'",
            "sh",
            file.toString())
        .well()
        .output();
  }

  /** Its output is quoted for a shell, and has escapes as C has. */
  private String systemds(String text) throws IOException {
    assertThat(SYSTEMD).isExecutable();
    Path configuration = Files.createDirectories(folder.resolve("config/environment.d"));
    Files.writeString(configuration.resolve("a.conf"), text);
    String home = folder.toString();
    String script =
        """
        HOME="$1" XDG_CONFIG_HOME="$1/config" "$2" 2>/dev/null | sed -n 's/^A=//p'
        """;
    String line =
        Command.run("sh", "-c", script, "sh", home, SYSTEMD.toString()).well().output().strip();
    return line.startsWith("\"")
        ? ESCAPE
            .matcher(line.substring(1, line.length() - 1))
            .replaceAll(
                escape ->
                    Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)))
        : line;
  }
}
