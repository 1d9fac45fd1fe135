package dev.acuse.admin;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.intake.IntakeWriter;
import dev.acuse.intake.SpoolDrainer;
import dev.acuse.intake.spool.Spool;
import org.jspecify.annotations.Nullable;

/** {@code drain-spool}: has the spool tried now, not after its next pause. */
final class DrainSpoolTask extends OperatorTask {
  private final IntakeWriter writer;
  private final @Nullable Spool spool;

  DrainSpoolTask(IntakeWriter writer, @Nullable Spool spool, TaskStatus status) {
    super("drain-spool", status);
    this.writer = writer;
    this.spool = spool;
  }

  @Override
  public String perform(Parameters parameters) {
    SpoolDrainer drainer = writer.drainer().orElse(null);
    if (spool == null || drainer == null) {
      throw ProblemException.of(ProblemCode.CONFLICT, "There is no spool: ACUSE_SPOOL is off.");
    }
    Spool.State state = spool.state();
    if (state.records() == 0) {
      return "The spool is empty.";
    }
    drainer.drainNow();
    return "%d webhooks of %d bytes wait in the spool, and are being tried now."
        .formatted(state.records(), state.bytes());
  }
}
