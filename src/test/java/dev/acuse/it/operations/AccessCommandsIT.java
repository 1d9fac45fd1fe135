package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code key} and {@code person}, with a service that runs and without. */
@Tag("slow")
class AccessCommandsIT {
  private static final String PASSWORD = "canary horse battery";

  @TempDir private Path temp;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database = TestDatabase.open(Engine.H2);

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  private AcuseCommand.Ended run(int adminPort, String... arguments) {
    Map<String, String> environment = new HashMap<>(AcuseCommand.environment(database, sandbox));
    environment.put("ADMIN_PORT", String.valueOf(adminPort));
    environment.put("ACUSE_PERSON_PASSWORD", PASSWORD);
    return AcuseCommand.run(environment, arguments);
  }

  private static int asked(AcuseProcess acuse, String key)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(acuse.url("/api/payments"))
                .header("Authorization", "Bearer " + key)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aServiceIsAskedAndWhereNoneRunsTheCommandsDoItThemselves() throws Exception {
    database.disconnect();
    Path file = Files.writeString(temp.resolve("password"), "another canary horse\nmore\n");
    int adminPort;
    String key;
    try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, Map.of())) {
      adminPort = acuse.adminPort();
      AcuseCommand.Ended made =
          run(
              adminPort,
              "key",
              "add",
              "crm",
              "config.yml",
              "--role",
              "read",
              "--all-accounts",
              "--expires",
              "90d");
      assertThat(made.status()).as(made.output()).isZero();
      key = made.lastLine();
      assertThat(key).matches("ack_[A-Za-z0-9_-]{43}");
      assertThat(asked(acuse, key)).isEqualTo(200);

      AcuseCommand.Ended added =
          run(
              adminPort,
              "person",
              "add",
              "ana",
              "config.yml",
              "--role",
              "operator",
              "--account",
              "main");
      assertThat(added.status()).as(added.output()).isZero();
      AcuseCommand.Ended taken =
          run(adminPort, "key", "add", "crm", "config.yml", "--role", "read", "--account", "main");
      assertThat(taken.status()).isEqualTo(1);
      assertThat(taken.output()).contains("'name' is taken").doesNotContain("\tat ");
      acuse.terminate();
    }

    AcuseCommand.Ended set =
        run(
            adminPort,
            "person",
            "set",
            "ana",
            "config.yml",
            "--role",
            "admin",
            "--all-accounts",
            "--password-file",
            file.toString());
    assertThat(set.status()).as(set.output()).isZero();
    assertThat(run(adminPort, "person", "list", "config.yml").lastLine())
        .isEqualTo("ana  admin  *");
    assertThat(run(adminPort, "person", "remove", "ana", "config.yml").status()).isZero();
    assertThat(run(adminPort, "key", "list", "config.yml").lastLine())
        .startsWith("crm  read  *  …" + key.substring(43) + "  expires ");
    assertThat(run(adminPort, "key", "revoke", "crm", "config.yml").status()).isZero();
    AcuseCommand.Ended unknown = run(adminPort, "key", "revoke", "nosuch", "config.yml");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.output()).contains("There is no such key.").doesNotContain("\tat ");
    AcuseCommand.Ended nowhere = run(adminPort, "key", "add", "k", "config.yml", "--role", "read");
    assertThat(nowhere.output()).contains("'accounts' must be names").doesNotContain("\tat ");
    assertThat(run(adminPort, "key", "rev", "crm", "config.yml").output())
        .contains("\"rev\" is no command of key");

    byte[] kept = Files.readAllBytes(database.folder().resolve("acuse.mv.db"));
    String text = new String(kept, StandardCharsets.ISO_8859_1);
    assertThat(text).doesNotContain(key, key.substring(4), PASSWORD, "another canary horse");
  }
}
