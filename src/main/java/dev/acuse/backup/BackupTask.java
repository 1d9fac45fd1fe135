package dev.acuse.backup;

import dev.acuse.admin.OperatorTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.audit.AuditTrail;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.process.SetupException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code backup}: writes the inbox, its spool and its journal into one file, while it works. */
public final class BackupTask extends OperatorTask {
  /** Below the time after which the port closes a connection that is silent. */
  private static final long PATIENCE_SECONDS = 20;

  private static final int MAX_PATH = 1_000;

  /** What an operator of PostgreSQL does instead. */
  public static final String ON_POSTGRESQL =
      "On PostgreSQL a backup is made by its own tools: pg_dump --format=custom"
          + " --file=acuse.dump DATABASE, and then a copy of the folder of intake.spool.folder"
          + " (ACUSE_SPOOL_DIR); docs/how-to/backup.md has the order.";

  private final @Nullable DataFolder folder;
  private final @Nullable Jobs jobs;
  private final AuditTrail audit;
  private final InstantSource clock;

  /**
   * @param folder null on PostgreSQL
   * @param backup null on PostgreSQL
   */
  public BackupTask(
      @Nullable DataFolder folder,
      @Nullable Backup backup,
      AuditTrail audit,
      InstantSource clock,
      TaskStatus status) {
    super("backup", status, "file");
    this.folder = folder;
    this.jobs = backup == null ? null : new Jobs(backup);
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public String perform(Parameters parameters) {
    if (folder == null || jobs == null) {
      throw ProblemException.of(ProblemCode.CONFLICT, ON_POSTGRESQL);
    }
    Path file = file(folder, parameters.get("file"));
    CompletableFuture<String> outcome = jobs.of(file);
    if (outcome == null) {
      throw ProblemException.of(
          ProblemCode.CONFLICT, "Another backup is being written: ask again when it is done.");
    }
    try {
      String done = outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      jobs.told(file);
      audit.record(request("backup"), null, "a backup");
      return done;
    } catch (TimeoutException e) {
      goesOn();
      return file + " is being written: the same request again tells how it goes.";
    } catch (ExecutionException e) {
      jobs.told(file);
      if (e.getCause() instanceof SetupException refusal) {
        throw ProblemException.of(ProblemCode.CONFLICT, String.valueOf(refusal.getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path file(DataFolder folder, Parameter parameter) {
    String name = parameter.text(MAX_PATH);
    if (name == null) {
      return Backup.usualFile(folder, clock.instant());
    }
    try {
      Path path = Path.of(name);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw parameter.invalid("is no path of a file");
    }
    throw parameter.invalid("must be an absolute path of the service's machine");
  }
}
