package dev.acuse.dispatch;

import dev.acuse.event.AttemptStep;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What one attempt did, step by step, and what its event turned out to be about. Used by one thread
 * at a time.
 */
public final class AttemptLog {
  private static final Logger LOGGER = LoggerFactory.getLogger(AttemptLog.class);

  /** A step that gives back a value or throws what it likes. */
  @FunctionalInterface
  public interface Step<T extends @Nullable Object, X extends Exception> {
    /** Does the step. */
    T run() throws X;
  }

  private final InstantSource clock;
  private final List<AttemptStep> steps = new ArrayList<>();
  private @Nullable String mpPaymentId;
  private @Nullable String preferenceId;
  private @Nullable Long paymentId;
  private boolean keepsLinks;

  /**
   * @param clock the time of the steps
   */
  public AttemptLog(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Runs a step, records its time and whether it threw, and logs one short line.
   *
   * @param name {@code look-up}, {@code payment}, {@code tag}, …
   * @param found says in a few words what came of it; never a payload or personal data
   */
  public <T extends @Nullable Object, X extends Exception> T step(
      String name, Step<T, X> step, Function<T, String> found) throws X {
    var startedAt = clock.instant();
    long start = System.nanoTime();
    try {
      T result = step.run();
      record(name, startedAt, start, "ok", found.apply(result));
      return result;
    } catch (Exception e) {
      record(name, startedAt, start, "error", OneLine.of(e));
      throw e;
    }
  }

  private void record(
      String name, Instant startedAt, long startNanos, String outcome, @Nullable String detail) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    steps.add(new AttemptStep(name, startedAt, millis, outcome, detail));
    LOGGER.info(
        "step {} {} in {} ms{}", name, outcome, millis, detail == null ? "" : ": " + detail);
  }

  /**
   * From now on what was linked stays, and only what was not is linked: what follows is done beside
   * what the event is about.
   */
  public void keepLinks() {
    keepsLinks = true;
  }

  /** The event is about this MercadoPago payment, which is our row {@code paymentId}. */
  public void linkPayment(String mpPaymentId, @Nullable Long paymentId) {
    if (keepsLinks && this.mpPaymentId != null && !this.mpPaymentId.equals(mpPaymentId)) {
      return;
    }
    this.mpPaymentId = mpPaymentId;
    this.paymentId = paymentId;
    MDC.put(AttemptReport.MDC_PAYMENT, mpPaymentId);
  }

  /** The event is about this MercadoPago preference. */
  public void linkPreference(String preferenceId) {
    if (keepsLinks && this.preferenceId != null) {
      return;
    }
    this.preferenceId = preferenceId;
  }

  List<AttemptStep> steps() {
    return List.copyOf(steps);
  }

  @Nullable String mpPaymentId() {
    return mpPaymentId;
  }

  @Nullable String preferenceId() {
    return preferenceId;
  }

  @Nullable Long paymentId() {
    return paymentId;
  }
}
