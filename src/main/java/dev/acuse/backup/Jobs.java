package dev.acuse.backup;

import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One backup at a time, in a thread of its own: a large one takes longer than a request may wait.
 * Its outcome is kept until it is asked for. Thread-safe.
 */
final class Jobs {
  private final Backup backup;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("backup"));
  private @Nullable Job job;

  private record Job(Path file, CompletableFuture<String> outcome) {}

  Jobs(Backup backup) {
    this.backup = backup;
  }

  /**
   * Begins a backup into this file, or finds the one that was begun.
   *
   * @return null if another one is under way
   */
  synchronized @Nullable CompletableFuture<String> of(Path file) {
    Job current = job;
    if (current != null && current.file().equals(file)) {
      return current.outcome();
    }
    if (current != null && !current.outcome().isDone()) {
      return null;
    }
    CompletableFuture<String> outcome = CompletableFuture.supplyAsync(() -> take(file), thread);
    job = new Job(file, outcome);
    return outcome;
  }

  private String take(Path file) {
    try {
      return backup.take(file);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      throw e;
    }
  }

  /** Its outcome was told: the next one of this name is another. */
  synchronized void told(Path file) {
    if (job != null && job.file().equals(file)) {
      job = null;
    }
  }
}
