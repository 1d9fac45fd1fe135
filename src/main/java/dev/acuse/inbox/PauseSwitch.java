package dev.acuse.inbox;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Stops the work-off of the whole inbox and lets it go on, and writes both to the audit.
 * Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is out of
 * reach.
 */
public final class PauseSwitch {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final DueSignal due;
  private final AuditTrail audit;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clock the database's time
   * @param due told when the claims go on
   */
  public PauseSwitch(Jdbi jdbi, InstantSource clock, DueSignal due) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.due = due;
    this.audit = new AuditTrail(jdbi, clock);
  }

  /**
   * Stops the claims of all instances; what runs is finished, and webhooks are still stored.
   *
   * @return false if the inbox was paused already
   */
  public boolean pause(String by) {
    boolean paused = jdbi.withHandle(handle -> new OperatorDao(handle).pause(by, clock.instant()));
    if (paused) {
      audit.record(new OperatorRequest(by, "pause", null), null, "inbox");
    }
    return paused;
  }

  /**
   * Lets the claims go on.
   *
   * @return false if the inbox was not paused
   */
  public boolean resume(String by) {
    boolean resumed = jdbi.withHandle(handle -> new OperatorDao(handle).resume());
    if (resumed) {
      audit.record(new OperatorRequest(by, "resume", null), null, "inbox");
      due.due();
    }
    return resumed;
  }

  /** Since when the inbox is paused; empty if it is not. */
  public Optional<Pause> paused() {
    return jdbi.withHandle(handle -> new OperatorDao(handle).paused());
  }
}
