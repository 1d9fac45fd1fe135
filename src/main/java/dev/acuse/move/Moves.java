package dev.acuse.move;

import dev.acuse.inbox.PauseSwitch;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Files;
import java.io.IOException;

/** What a move means for whatever opens the H2 file. */
public final class Moves {
  /** Pauses the inbox while a move begins; a pause of this name is no operator's. */
  public static final String ACTOR = "the move to PostgreSQL";

  private Moves() {}

  /** Ends the pause that a move has begun; one of an operator's stays. */
  public static void endPause(PauseSwitch pauses) {
    if (pauses.paused().filter(pause -> pause.pausedBy().equals(ACTOR)).isPresent()) {
      pauses.resume(ACTOR);
    }
  }

  /**
   * Before an H2 file is opened to be worked on.
   *
   * @throws SetupException if the inbox is in another database now
   */
  public static void beforeUse(H2Files files) {
    MoveNote moved = MoveNote.read(files.moved());
    if (moved != null) {
      throw new SetupException(
          ("this inbox was moved to %s at %s: set DATABASE_URL to it, with DATABASE_USER and"
                  + " DATABASE_PASSWORD; %s is left as it was then")
              .formatted(moved.to(), moved.at(), files.data()));
    }
    try {
      // What a move has copied is out of date as soon as this process writes.
      MoveNote.delete(files.moving());
    } catch (IOException e) {
      throw new SetupException(
          "a move was cut off, and " + files.moving() + " cannot be deleted: " + e, e);
    }
  }
}
