package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code backup} and {@code restore}, with a service that runs and without. */
@Tag("slow")
class BackupCommandIT {
  @TempDir private Path temp;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database = TestDatabase.open(Engine.H2);

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  private AcuseCommand.Ended run(int adminPort, Path spool, String... arguments) {
    Map<String, String> environment = new HashMap<>(AcuseCommand.environment(database, sandbox));
    environment.put("ADMIN_PORT", String.valueOf(adminPort));
    environment.put("ACUSE_SPOOL_DIR", spool.toString());
    return AcuseCommand.run(environment, arguments);
  }

  @Test
  void aServiceIsAskedAndWhereNoneRunsTheCommandDoesIt() throws Exception {
    database.disconnect();
    Path spool = database.takeSpoolFolder();
    database.leaveSpoolFolder(spool);
    String live = temp.resolve("live.zip").toString();
    int adminPort;
    try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, Map.of())) {
      adminPort = acuse.adminPort();
      Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, 1));
      await().until(() -> acuse.items("/api/payments?status=approved").size() == 1);

      AcuseCommand.Ended asked = run(adminPort, spool, "backup", "config.yml", live);
      AcuseCommand.Ended again = run(adminPort, spool, "backup", "config.yml", live);
      AcuseCommand.Ended refused =
          run(adminPort, spool, "restore", "config.yml", live, "--replace");

      assertThat(asked.status()).as(asked.output()).isZero();
      assertThat(asked.output()).contains(live + " holds the inbox as it was at");
      assertThat(again.status()).isEqualTo(1);
      assertThat(again.output()).contains("the service made no backup", "is not overwritten");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.output()).contains("stop it first").doesNotContain("\tat ");
      acuse.terminate();
    }
    String still = temp.resolve("still.zip").toString();
    AcuseCommand.Ended alone = run(adminPort, spool, "backup", "config.yml", still);
    assertThat(alone.status()).as(alone.output()).isZero();

    for (String file : new String[] {live, still}) {
      AcuseCommand.Ended kept = run(adminPort, spool, "restore", "config.yml", file);
      assertThat(kept.status()).isEqualTo(1);
      assertThat(kept.output()).contains("--replace").doesNotContain("\tat ");
      AcuseCommand.Ended restored =
          run(adminPort, spool, "restore", "config.yml", file, "--replace");
      assertThat(restored.status()).as(restored.output()).isZero();
      try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, Map.of())) {
        assertThat(acuse.items("/api/payments?status=approved")).hasSize(1);
        assertThat(acuse.json("/api/ledger").path("restored").path("taken_at").isTextual())
            .isTrue();
        acuse.terminate();
      }
    }
    assertThat(run(adminPort, spool, "restore", "config.yml", temp + "/no.zip").output())
        .contains("no.zip is no file")
        .doesNotContain("\tat ");
  }
}
