package dev.acuse.intake;

import dev.acuse.event.NewEvent;
import dev.acuse.event.Ticket;
import dev.acuse.event.Unjudged;
import dev.acuse.intake.IntakeWriter.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Has accepted deliveries stored, as {@link IntakeWriter} does. */
@FunctionalInterface
interface Storing {

  /**
   * Has one stored.
   *
   * @param unjudged what it takes to judge it, if it is to be kept as it came; else null
   * @param ticket by which the books find it again; null if they keep none
   * @param delay how long from now until it is worked on
   * @return when it is on disk; fails if it could not be stored, or may not have been
   */
  CompletableFuture<Receipt> write(
      NewEvent event, @Nullable Unjudged unjudged, @Nullable Ticket ticket, Duration delay);
}
