package dev.acuse.move;

import dev.acuse.database.h2.H2Gate;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.PauseSwitch;
import dev.acuse.intake.SpoolDrainer;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Files;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The move of a service's inbox while the service takes webhooks: they go to its spool. What is
 * being processed is finished first; then nothing more passes to the H2 file. If the move fails,
 * the service goes on as before.
 */
public final class ServiceMove {
  private static final Duration ATTEMPTS_END_WITHIN = Duration.ofMinutes(1);
  private static final Duration STATEMENTS_END_WITHIN = Duration.ofSeconds(30);
  private static final long LOOK_EVERY_MILLIS = 100;

  private final H2Files files;
  private final Move.Source source;
  private final H2Gate gate;
  private final PauseSwitch pauses;
  private final EventReader events;
  private final @Nullable SpoolDrainer drainer;
  private final InstantSource clock;
  private final Move.KeyHint keyHint;

  /**
   * @param source past the gate
   * @param drainer null if there is no spool
   * @param keyHint see {@link Move}
   */
  public ServiceMove(
      H2Files files,
      Move.Source source,
      H2Gate gate,
      PauseSwitch pauses,
      EventReader events,
      @Nullable SpoolDrainer drainer,
      InstantSource clock,
      Move.KeyHint keyHint) {
    this.keyHint = keyHint;
    this.files = files;
    this.source = source;
    this.gate = gate;
    this.pauses = pauses;
    this.events = events;
    this.drainer = drainer;
    this.clock = clock;
  }

  /**
   * Moves; afterwards nothing passes to the H2 file any more, and the process is to end.
   *
   * @return what was done, as a line
   * @throws SetupException if it was refused or failed; the service goes on
   */
  String run(MoveTarget target, Consumer<String> progress) {
    SpoolDrainer spool = drainer;
    if (spool == null) {
      throw new SetupException(
          "the spool is off (ACUSE_SPOOL), and webhooks would be refused meanwhile: start with the"
              + " spool on, or stop the service and run the command then");
    }
    var move = new Move(files, target, clock, progress, keyHint);
    move.prepare();
    progress.accept("what is being processed is finished first");
    pauses.pause(Moves.ACTOR);
    boolean moved = false;
    try {
      awaitIdle();
      SpoolDrainer.Hold held = spool.hold();
      try {
        String done = behindTheGate(move);
        moved = true;
        return done;
      } finally {
        held.close();
      }
    } finally {
      if (!moved) {
        Moves.endPause(pauses);
      }
    }
  }

  private String behindTheGate(Move move) {
    if (!isClosed()) {
      throw new SetupException(
          "some statement is under way for more than "
              + STATEMENTS_END_WITHIN.toSeconds()
              + " s: try again later");
    }
    boolean moved = false;
    try {
      String done = move.run(source);
      moved = true;
      return done;
    } finally {
      if (!moved) {
        forget();
        gate.open();
      }
    }
  }

  /** The service will write again, and what was copied is out of date then. */
  private void forget() {
    try {
      MoveNote.delete(files.moving());
    } catch (IOException e) {
      throw new SetupException("the note of the move cannot be deleted: " + e, e);
    }
  }

  private boolean isClosed() {
    try {
      return gate.close(STATEMENTS_END_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupException("the move was interrupted", e);
    }
  }

  /** What does not end in time is tried again after the move, as after a kill. */
  private void awaitIdle() {
    long end = System.nanoTime() + ATTEMPTS_END_WITHIN.toNanos();
    var never = new CountDownLatch(1);
    try {
      while (isBusy() && System.nanoTime() < end) {
        boolean unused = never.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupException("the move was interrupted", e);
    }
  }

  private boolean isBusy() {
    return events.countByStatus(Scope.everything()).getOrDefault(EventStatus.PROCESSING, 0L) > 0;
  }
}
