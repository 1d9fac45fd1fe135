package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.Launch;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a start does without: each class that it loads takes time. */
@Tag("slow")
class StartIT {
  /** What is needed later, or never. */
  private static final List<String> NEEDLESS =
      List.of(
          "liquibase.",
          "freemarker.template.Configuration ",
          "io.prometheus.metrics.model.registry.PrometheusRegistry ",
          "com.fasterxml.jackson.dataformat.yaml.YAMLMapper ",
          "org.springframework.security.crypto.bcrypt.",
          "dev.acuse.sandbox.",
          "java.net.http.HttpClient ");

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  @TempDir private Path folder = Path.of("target");

  @AfterEach
  void close() {
    sandbox.close();
  }

  @ParameterizedTest
  @EnumSource
  void aStartWithACurrentSchemaLoadsNothingThatItDoesNotNeed(Engine engine) throws IOException {
    Path loaded = folder.resolve("loaded");
    try (var database = TestDatabase.open(engine)) {
      database.disconnect();
      Launch launch = Launch.shortLived().with("-Xlog:class+load:file=" + loaded + ":none");
      try (var acuse =
          AcuseProcess.startAs(
              launch, database, sandbox, Map.of("ACUSE_MIGRATE_ON_START", "true"))) {
        acuse.terminate();
      }
    }

    try (Stream<String> lines = Files.lines(loaded)) {
      assertThat(lines.filter(line -> NEEDLESS.stream().anyMatch(line::startsWith)).toList())
          .isEmpty();
    }
  }
}
