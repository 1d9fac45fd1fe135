package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.acuse.support.AcuseProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code password} at a terminal, as the README has it: its output goes into a variable. */
class PasswordPromptIT {
  private static final String TYPED = "canary0secret typed";

  @TempDir Path folder;

  @Test
  void thePromptIsShownAndWhatIsTypedIsNot() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "util-linux makes the terminal");
    Path screen = folder.resolve("screen");
    Process terminal =
        new ProcessBuilder("script", "-qfec", "sh " + commands(), "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.readString(screen).contains("Password: "));
      terminal.getOutputStream().write((TYPED + "\n").getBytes(StandardCharsets.UTF_8));
      terminal.getOutputStream().flush();
      await().until(() -> Files.readString(screen).contains("and again"));
      terminal.getOutputStream().write("shown\n".getBytes(StandardCharsets.UTF_8));
      terminal.getOutputStream().flush();

      assertThat(terminal.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(Files.readString(screen))
          .contains("entry=ana:viewer:$2")
          .doesNotContain(TYPED)
          .containsPattern("and again\\R+shown");
    } finally {
      terminal.destroyForcibly();
    }
  }

  private Path commands() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return Files.writeString(
        folder.resolve("commands"),
        """
        entry="$(%s -XX:TieredStopAtLevel=1 -cp '%s' dev.acuse.AcuseApplication password ana --role viewer)"
        echo "entry=$entry"
        echo "and again"
        read line
        """
            .formatted(java, AcuseProcess.CLASS_PATH));
  }
}
