package dev.acuse.intake;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.NewEvent;
import dev.acuse.http.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;
import java.util.function.Predicate;

/**
 * Decides when a delivery that nothing proves is looked up, or that it is not taken. What is about
 * a resource that is known here goes before what is about any other, at a rate of its own; each
 * account has places of its own; and of what came to nothing no more is kept than quarantine may
 * hold. Thread-safe.
 */
final class HintAdmission {
  /** Genuine notifications are smaller: what is larger counts for several. */
  private static final int UNIT_BYTES = 2 << 10;

  private final KnownFirst knownFirst;
  private final BooleanSupplier hasRoom;
  private final HintTrim trim;
  private final Executor answers;
  private final HintSchedules known;
  private final HintSchedules unknown;
  private final Counter refused;

  /**
   * @param isKnown whether an event is about a resource that is known here for certain; may ask the
   *     database
   * @param hasRoom whether the disk has room for one more; must not take long
   * @param trim deletes an account's hints that came to nothing and are too many; may use the
   *     database
   * @param nanos a clock as {@link System#nanoTime} is one, that is never negative
   * @param answers goes on with what was decided
   */
  HintAdmission(
      Predicate<NewEvent> isKnown,
      BooleanSupplier hasRoom,
      LongToIntFunction trim,
      IntakeConfiguration config,
      LongSupplier nanos,
      Executor answers,
      MetricRegistry metrics) {
    this.knownFirst = new KnownFirst(isKnown);
    this.hasRoom = hasRoom;
    this.trim = new HintTrim(trim);
    this.answers = answers;
    this.known = new HintSchedules(config.hintsPerSecond(), nanos);
    this.unknown = new HintSchedules(config.hintsPerSecond(), nanos);
    this.refused = metrics.counter("acuse.intake.hints_refused");
  }

  /**
   * Finds it a place.
   *
   * @param budget the id of the account whose places it takes
   * @param sender names the address that it came from
   * @return how long its look-up waits; fails with {@link ProblemException} if it is not taken
   */
  CompletableFuture<Duration> admit(NewEvent event, long budget, String sender) {
    int units = 1 + keptBytes(event) / UNIT_BYTES;
    if (!hasRoom.getAsBoolean()
        || (!known.hasPlace(budget, sender) && !unknown.hasPlace(budget, sender))) {
      return CompletableFuture.failedFuture(refusal());
    }
    // Elsewhere, because what was not found out in time ends in a thread of all time-outs.
    return knownFirst
        .ask(event, sender)
        .thenApplyAsync(
            isKnown -> {
              HintSchedules schedules = isKnown ? known : unknown;
              Duration wait = schedules.reserve(budget, sender, units).orElseThrow(this::refusal);
              trim.taken(event.place().accountId());
              return wait;
            },
            answers);
  }

  /** What of it goes to the disk. */
  private static int keptBytes(NewEvent event) {
    String query = event.queryString();
    int bytes = event.rawPayload().length + (query == null ? 0 : query.length());
    for (Map.Entry<String, String> header : event.headers().entrySet()) {
      bytes += header.getKey().length() + header.getValue().length();
    }
    return bytes;
  }

  private ProblemException refusal() {
    refused.inc();
    return IntakeRefusal.tooManyHints(HintSchedule.HORIZON);
  }
}
