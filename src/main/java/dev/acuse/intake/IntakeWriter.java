package dev.acuse.intake;

import dev.acuse.event.EventStatus;
import dev.acuse.event.EventStore;
import dev.acuse.event.NewEvent;
import dev.acuse.event.SignatureState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores accepted deliveries durably, each once, and tells the dispatcher. Thread-safe. */
public final class IntakeWriter {
  private static final Logger LOGGER = LoggerFactory.getLogger(IntakeWriter.class);

  /** What became of a delivery. */
  public enum Receipt {
    /** It is a new event, and on disk. */
    STORED,
    /** The same delivery is on disk already. */
    DUPLICATE
  }

  private final EventStore store;
  private final HintRate hints;
  private final InstantSource clock;
  private final Runnable onStored;

  /**
   * @param clock the database's time
   * @param onStored told of each new pending event; must not block
   */
  public IntakeWriter(
      EventStore store, IntakeConfiguration config, InstantSource clock, Runnable onStored) {
    this.store = store;
    this.hints = new HintRate(config.hintsPerSecond());
    this.clock = clock;
    this.onStored = onStored;
  }

  /**
   * Stores a delivery. When this returns, it is on disk.
   *
   * @throws org.jdbi.v3.core.JdbiException if it could not be stored, or may not have been
   */
  public Receipt write(NewEvent event) {
    if (!store.append(event, dueAt(event))) {
      countDelivery(event);
      return Receipt.DUPLICATE;
    }
    if (event.status() == EventStatus.PENDING) {
      onStored.run();
    }
    return Receipt.STORED;
  }

  private Instant dueAt(NewEvent event) {
    boolean isHint = event.signature() == SignatureState.UNVERIFIABLE;
    return clock.instant().plus(isHint ? hints.reserve() : Duration.ZERO);
  }

  /** Best effort: the count is for people, and must not cost a sender its answer. */
  private void countDelivery(NewEvent event) {
    try {
      store.countDelivery(event.webhookId());
    } catch (RuntimeException e) {
      LOGGER.warn("a repeated delivery of {} could not be counted", event.webhookId(), e);
    }
  }
}
