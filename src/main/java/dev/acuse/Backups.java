package dev.acuse;

import dev.acuse.admin.TaskStatus;
import dev.acuse.audit.AuditTrail;
import dev.acuse.backup.Backup;
import dev.acuse.backup.BackupTask;
import dev.acuse.backup.ClosedSource;
import dev.acuse.backup.DataFolder;
import dev.acuse.backup.OpenSource;
import dev.acuse.backup.Restore;
import dev.acuse.database.h2.H2Url;
import dev.acuse.recovery.H2Files;
import io.dropwizard.core.setup.Environment;
import java.time.InstantSource;

/** Backups of an installation on H2, by its service and by commands. */
final class Backups {
  private Backups() {}

  /** What an installation on H2 keeps on its disk. */
  static DataFolder folder(AcuseConfiguration config) {
    var files = new H2Files(H2Url.file(String.valueOf(config.database().getUrl())));
    return DataFolder.of(files, config.intake().spool().place());
  }

  /** Installs the task {@code backup}. */
  static void install(
      AcuseConfiguration config,
      Environment environment,
      Database database,
      Receiving intake,
      AuditTrail audit) {
    OpenH2 h2 = database.h2();
    var status = new TaskStatus();
    status.install(environment, "backup-task-status");
    DataFolder folder = h2 == null ? null : folder(config);
    Backup backup =
        h2 == null || folder == null
            ? null
            : new Backup(
                folder,
                new OpenSource(
                    database.jdbi(), h2.upkeep(), intake.writer().drainer().orElse(null)),
                ProductVersion.text(),
                database.clock());
    environment.admin().addTask(new BackupTask(folder, backup, audit, database.clock(), status));
  }

  /** Of an installation that no process uses. */
  static Backup closed(AcuseConfiguration config, InstantSource clock) {
    DataFolder folder = folder(config);
    var source = new ClosedSource(folder.files(), H2Start.access(config.database()));
    return new Backup(folder, source, ProductVersion.text(), clock);
  }

  /** Into an installation that no process uses. */
  static Restore restore(AcuseConfiguration config, InstantSource clock) {
    return new Restore(folder(config), H2Start.access(config.database()), clock);
  }
}
