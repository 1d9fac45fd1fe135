package dev.acuse.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.process.OwnFiles;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class GuardedLoggingTest {
  private static final Logger OURS = LoggerFactory.getLogger(GuardedLoggingTest.class);
  private static final String HOSTILE =
      "a\u202Eb\u2066c\u2028d\u0085e\0f\u001B[31mg\u200Bh\uFEFFi\uDB40\uDC41j\r\n2026 ERROR fake";
  private static final String SHOWN =
      "a[U+202E]b[U+2066]c[U+2028]d[U+0085]e[U+0000]f[U+001B][31mg[U+200B]h[U+FEFF]i[U+E0041]j"
          + " 2026 ERROR fake";

  @TempDir private Path folder = Path.of("target");

  private GuardedLogging logging = new GuardedLogging(new DefaultLoggingFactory());

  @AfterEach
  void reset() {
    logging.stop();
    logging.reset();
    MDC.clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%msg%n", "%level [%X{id}] %msg %kvp [%t]%n%rEx{20}", "%m %mdc%n%ex"})
  void textsOfOthersHideNothingInWhateverFormatTheyAreLogged(String format) throws IOException {
    configure(format, "INFO");
    MDC.put("id", HOSTILE);
    var cause = new IllegalArgumentException(HOSTILE);
    cause.addSuppressed(new IllegalStateException(HOSTILE));

    OURS.atWarn().addKeyValue("k", HOSTILE).log("of {}", HOSTILE);
    OURS.error("failed: {}", HOSTILE, new IllegalStateException(HOSTILE, cause));
    String log = logged("failed: ");
    assertThat(log).contains("of " + SHOWN, "failed: " + SHOWN);
    assertThat(log.codePoints().filter(c -> c != '\n' && c != '\t').map(Character::getType))
        .doesNotContain(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.LINE_SEPARATOR,
            (int) Character.PARAGRAPH_SEPARATOR);
    assertThat(log.lines()).noneMatch(line -> line.startsWith("2026"));
    if (format.contains("Ex")) {
      assertThat(log).contains("[" + SHOWN + "]", "IllegalArgumentException: " + SHOWN);
    }
  }

  @Test
  void logsAndTheirArchivesAreClosedToOthers() throws IOException {
    Files.createDirectory(folder.resolve("logs"));
    readable("webhook-2026-01-01-0.log.gz");
    readable("webhook.log");
    readable("others.log");
    configure("%msg%n", "INFO");
    assertThat(mode("webhook.log")).isEqualTo("rw-------");

    for (int i = 0; i < 200; i++) {
      OURS.info("{} {}", i, "x".repeat(500));
    }
    OURS.info("the last");
    logged("the last");
    GuardedLogging.files().forEach(OwnFiles::restrict);

    try (Stream<Path> files = Files.list(folder.resolve("logs"))) {
      List<Path> logs = files.filter(file -> !file.endsWith("others.log")).toList();
      assertThat(logs).hasSizeGreaterThan(2);
      assertThat(logs).allSatisfy(file -> assertThat(mode(file)).isEqualTo("rw-------"));
    }
    assertThat(mode("others.log")).as("is not ours").isEqualTo("rw-r--r--");
  }

  @Test
  void aNewFolderOfLogsIsClosedToOthersFromTheStart() throws IOException {
    configure("%msg%n", "INFO");

    assertThat(mode(folder.resolve("logs"))).isEqualTo("rwx------");
    assertThat(mode("webhook.log")).isEqualTo("rw-------");
  }

  @Test
  void librariesAreSilentBelowInfoWhateverIsAskedFor() throws IOException {
    configure("%level %logger %msg%n", "TRACE");
    List<String> libraries =
        List.of(
            "ROOT",
            "org.apache.hc.client5.http.headers",
            "org.eclipse.jetty.server",
            "org.glassfish.jersey",
            "org.postgresql",
            "jdk.event.security",
            "dev",
            "dev.acuses",
            "Dev.Acuse",
            "");
    for (String name : libraries) {
      var logger = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(name);
      logger.setLevel(Level.TRACE);
      logger.trace("canary");
      logger.debug("canary");
      logger.atDebug().log("canary");
      assertThat(logger.isDebugEnabled()).as(name).isFalse();
      logger.info("spoken");
      logger.setLevel("ROOT".equals(name) ? Level.INFO : null);
    }
    java.util.logging.Logger.getLogger("sun.net.www").setLevel(java.util.logging.Level.ALL);
    java.util.logging.Logger.getLogger("sun.net.www").finest("canary");
    LoggerFactory.getLogger("org.eclipse.jetty.http.HttpParser").warn("canary");
    var ours = (ch.qos.logback.classic.Logger) OURS;
    ours.setLevel(Level.DEBUG);
    ours.debug("ours");
    ours.setLevel(null);

    assertThat(logged("DEBUG"))
        .doesNotContain("canary")
        .contains("INFO org.eclipse.jetty.server spoken", "DEBUG " + OURS.getName() + " ours")
        .contains("logging: ROOT is set to TRACE");
  }

  /** What is in the log, once this is; another thread writes it. */
  private String logged(String awaited) {
    return await()
        .until(
            () -> Files.readString(folder.resolve("logs/webhook.log")),
            log -> log.contains(awaited));
  }

  private void configure(String format, String level) throws IOException {
    String json =
        """
        {"level": "%s", "appenders": [
          {"type": "file", "currentLogFilename": "%s/logs/webhook.log", "logFormat": "%s",
           "archivedLogFilenamePattern": "%s/logs/webhook-%%d-%%i.log.gz",
           "archivedFileCount": 50, "maxFileSize": "10KB"}]}
        """
            .formatted(level, folder, format, folder);
    logging =
        new GuardedLogging(Jackson.newObjectMapper().readValue(json, DefaultLoggingFactory.class));
    logging.configure(new MetricRegistry(), "test");
  }

  private void readable(String name) throws IOException {
    Path file = Files.createFile(folder.resolve("logs").resolve(name));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private String mode(String name) throws IOException {
    return mode(folder.resolve("logs").resolve(name));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
