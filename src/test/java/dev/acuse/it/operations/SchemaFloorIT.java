package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that a newer version has made unfit for this one is left alone by whatever runs. */
@Tag("slow")
class SchemaFloorIT {

  @ParameterizedTest
  @EnumSource
  void everyCommandRefusesADatabaseWhoseFloorIsAboveThisVersion(Engine engine) {
    try (TestDatabase database = TestDatabase.open(engine);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("UPDATE schema_floor SET version = '9000'");
              });
      database.disconnect();
      Map<String, String> environment = new HashMap<>(AcuseCommand.environment(database, sandbox));
      // No service listens there, so that backup and move look for themselves.
      environment.put("ADMIN_PORT", "1");
      environment.put("ACUSE_MIGRATE_ON_START", "true");
      for (List<String> arguments : commands(engine)) {
        Map<String, String> its = new HashMap<>(environment);
        if (arguments.get(0).equals("server")) {
          its.put("ADMIN_PORT", "0");
        }
        AcuseCommand.Ended ended = AcuseCommand.run(its, arguments.toArray(String[]::new));

        assertThat(ended.status()).as("%s: %s", arguments, ended.output()).isEqualTo(1);
        assertThat(ended.output())
            .as("%s", arguments)
            .contains("schema_floor is 9000", "start the newer version")
            .doesNotContain("\tat ");
      }
    }
  }

  private static List<List<String>> commands(Engine engine) {
    List<List<String>> commands = new ArrayList<>();
    for (String name : List.of("server", "check", "process", "reconcile")) {
      commands.add(List.of(name, "config.yml"));
    }
    commands.add(List.of("db", "migrate", "config.yml"));
    if (engine == Engine.H2) {
      commands.add(List.of("backup", "config.yml"));
      commands.add(List.of("move", "config.yml", "--to", "jdbc:postgresql://127.0.0.1:1/none"));
    }
    return commands;
  }
}
