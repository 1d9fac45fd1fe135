package dev.acuse;

import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The commands, by their names. The one that is called is made, and no other: to load the classes
 * of all, as of Liquibase behind {@code db}, takes a part of a second of each start.
 */
final class Commands {
  private final Map<String, Supplier<Command>> all = new TreeMap<>();

  /**
   * @param application whose service {@code server}, {@code check} and {@code demo} are about
   */
  Commands(AcuseApplication application) {
    all.put("server", () -> new AcuseServerCommand(application));
    all.put("check", () -> new AcuseCheckCommand(application, System.out));
    all.put(AcuseDbCommand.NAME, () -> new AcuseDbCommand(System.out));
    all.put("backup", () -> new BackupCommand(System.out, Clock.systemUTC()));
    all.put("restore", () -> new RestoreCommand(System.out, Clock.systemUTC()));
    all.put(
        "move",
        () ->
            new MoveCommand(System.in, System.out, System.err, System::getenv, Clock.systemUTC()));
    all.put("process", () -> new ProcessCommand(System.out, AcuseApplication::exit));
    all.put("reconcile", () -> new ReconcileCommand(System.out, AcuseApplication::exit));
    all.put("doctor", () -> new DoctorCommand(application, System.out));
    all.put("demo", () -> new DemoCommand(application, Clock.systemUTC(), System.out));
    all.put("archive", () -> new ArchiveCommand(System.out));
    all.put(TrainingCommand.NAME, () -> new TrainingCommand(application, Clock.systemUTC()));
    all.put("sandbox", () -> new SandboxCommand());
    all.put("trigger", () -> new TriggerCommand());
    all.put(KeyCommand.NAME, () -> new KeyCommand(System.out));
    all.put(
        PersonCommand.NAME,
        () -> new PersonCommand(System.in, System.out, System.err, System::getenv));
    all.put(
        AccountCommand.NAME,
        () -> new AccountCommand(System.in, System.out, System.err, System::getenv));
    all.put(
        ApplicationCommand.NAME,
        () -> new ApplicationCommand(System.in, System.out, System.err, System::getenv));
    all.put("password", () -> new PasswordCommand(System.in, System.out));
  }

  /** The names of all. */
  Set<String> names() {
    return all.keySet();
  }

  /** Adds the command that the arguments begin with, or all, as a help shows them. */
  void addTo(Bootstrap<?> bootstrap, String... arguments) {
    Supplier<Command> called = arguments.length == 0 ? null : all.get(arguments[0]);
    if (called == null) {
      all.values().forEach(command -> bootstrap.addCommand(command.get()));
    } else {
      bootstrap.addCommand(called.get());
    }
  }
}
