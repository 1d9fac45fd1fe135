package dev.acuse.move;

import dev.acuse.admin.OperatorTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.SetupException;
import dev.acuse.text.Secret;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code move}: moves the inbox of this service to PostgreSQL. The same request again tells how it
 * goes. When it is done, the process ends.
 */
public final class MoveTask extends OperatorTask {
  private static final Logger LOGGER = LoggerFactory.getLogger(MoveTask.class);

  /** Below the time after which the port closes a connection that is silent. */
  private static final long PATIENCE_SECONDS = 20;

  /** So long the outcome of a move can be asked for before the process ends. */
  private static final long END_AFTER_SECONDS = 30;

  private static final int MAX_TEXT = 2_000;

  private final @Nullable ServiceMove move;
  private final Runnable onMoved;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("move"));
  private @Nullable CompletableFuture<String> job;
  private volatile String reached = "it begins";

  /**
   * @param move null on PostgreSQL
   * @param onMoved ends the process; must not block
   */
  public MoveTask(@Nullable ServiceMove move, Runnable onMoved, TaskStatus status) {
    super("move", status, "to", "user", PASSWORD);
    this.move = move;
    this.onMoved = onMoved;
  }

  @Override
  public String perform(Parameters parameters) {
    ServiceMove service = move;
    if (service == null) {
      throw ProblemException.of(
          ProblemCode.CONFLICT, "This inbox is on PostgreSQL already: only H2 is moved.");
    }
    CompletableFuture<String> outcome = begin(service, target(parameters));
    try {
      String done = outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      onMoved.run();
      return done;
    } catch (TimeoutException e) {
      goesOn();
      return "The move goes on: " + reached + ". The same request again tells how it goes.";
    } catch (ExecutionException e) {
      forget(outcome);
      if (e.getCause() instanceof SetupException refusal) {
        throw ProblemException.of(ProblemCode.CONFLICT, String.valueOf(refusal.getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static MoveTarget target(Parameters parameters) {
    Parameter to = parameters.get("to");
    String url = to.text(MAX_TEXT);
    if (url == null) {
      throw to.invalid("is missing: an address such as jdbc:postgresql://host:5432/acuse");
    }
    try {
      return new MoveTarget(
          url,
          parameters.get("user").text(MAX_TEXT),
          Secret.of(parameters.get(PASSWORD).text(MAX_TEXT)));
    } catch (SetupException e) {
      throw to.invalid("must be an address of PostgreSQL without a fault: " + e.getMessage());
    }
  }

  private synchronized CompletableFuture<String> begin(ServiceMove service, MoveTarget target) {
    CompletableFuture<String> current = job;
    if (current == null) {
      current = CompletableFuture.supplyAsync(() -> run(service, target), thread);
      job = current;
      var unused =
          current.thenRunAsync(
              onMoved, CompletableFuture.delayedExecutor(END_AFTER_SECONDS, TimeUnit.SECONDS));
    }
    return current;
  }

  private String run(ServiceMove service, MoveTarget target) {
    try {
      String done = service.run(target, this::reach);
      LOGGER.info("{}", done);
      return done;
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.error("the inbox was not moved: {}", e.toString());
      throw e;
    }
  }

  private void reach(String line) {
    LOGGER.info("move: {}", line);
    reached = line;
  }

  private synchronized void forget(CompletableFuture<String> outcome) {
    if (job == outcome) {
      job = null;
    }
  }
}
