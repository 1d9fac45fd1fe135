package dev.acuse;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.effect.FoundTags;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Fence;
import dev.acuse.payment.TagCarryOver;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.Periodic;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back what works events off until what the version before has left is carried over: its
 * leases have ended or were rescued, and its tags are effects. Webhooks are stored meanwhile, and
 * API and console answer. At every start but the first of a version it is done at once.
 */
final class CarryOver extends HealthCheck implements Managed, ServerLifecycleListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(CarryOver.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int RESCUES_AT_ONCE = 20;

  private final Fence fence;
  private final TagCarryOver tags;
  private final EventStore events;
  private final boolean isAlone;
  private final BooleanSupplier isUpToDate;
  private final Periodic thread;
  private final List<Managed> held = new ArrayList<>();
  private final List<Managed> begun = new ArrayList<>();
  private boolean stopped;
  private volatile boolean done;
  private volatile String doing = "the schema is not known to be current yet";

  /** Says what has failed to begin; null as long as nothing has. */
  private volatile @Nullable String notBegun;

  private boolean endedLeases;
  private String told = "";

  /**
   * @param isAlone whether no other process can be at the database
   * @param isUpToDate whether the schema is current
   */
  CarryOver(
      Fence fence,
      TagCarryOver tags,
      EventStore events,
      boolean isAlone,
      BooleanSupplier isUpToDate) {
    this.fence = fence;
    this.tags = tags;
    this.events = events;
    this.isAlone = isAlone;
    this.isUpToDate = isUpToDate;
    this.thread = new Periodic("carry-over", this::turn, this::failed);
  }

  /** Of a service, or of a command that works on the inbox as one. */
  static CarryOver of(AcuseConfiguration config, Database database, Processing processing) {
    return new CarryOver(
        new Fence(database.jdbi(), database.clock()),
        new TagCarryOver(
            database.jdbi(),
            config.payment().tagRules(),
            new FoundTags(processing.outbox(), database.clock(), processing.accountLanes())),
        processing.events(),
        config.isH2(),
        database.isUpToDate());
  }

  /** Has it begin when the ports are open. */
  void manageIn(Environment environment) {
    environment.healthChecks().register("upgrade", this);
    environment.lifecycle().manage(this);
    environment.lifecycle().addServerLifecycleListener(this);
  }

  /** Has something begin once all is carried over, and end in its turn among what is managed. */
  Managed holding(Managed managed) {
    return new Managed() {
      @Override
      public void start() {
        beginOrHold(managed);
      }

      @Override
      public void stop() throws Exception {
        if (hasBegun(managed)) {
          managed.stop();
        }
      }
    };
  }

  private void beginOrHold(Managed managed) {
    synchronized (this) {
      if (!done) {
        held.add(managed);
        return;
      }
    }
    begin(managed);
  }

  private synchronized boolean hasBegun(Managed managed) {
    stopped = true;
    return begun.contains(managed);
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private void begin(Managed managed) {
    synchronized (this) {
      if (stopped) {
        return;
      }
      begun.add(managed);
    }
    try {
      managed.start();
    } catch (Exception e) {
      synchronized (this) {
        begun.remove(managed);
      }
      throw new NotBegunException(managed, e);
    }
  }

  private static final class NotBegunException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotBegunException(Managed managed, Exception cause) {
      super(managed.getClass().getSimpleName() + " has not begun", cause);
    }
  }

  /** Whether nothing is held back. */
  boolean isDone() {
    return done;
  }

  /** Carries all over before it returns, for a command; waits as long as leases are open. */
  void run() throws InterruptedException {
    while (!step()) {
      // Nothing counts it down: what is waited for are other processes' leases.
      var unused = new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void serverStarted(Server server) {
    try {
      if (isUpToDate.getAsBoolean() && tags.isDone()) {
        // Nearly always, and then nothing waits for a thread.
        open();
        return;
      }
    } catch (RuntimeException e) {
      failed(e);
    }
    thread.start(Duration.ZERO, PAUSE);
  }

  @Override
  public void stop() throws InterruptedException {
    synchronized (this) {
      stopped = true;
    }
    thread.stop(PAUSE.multipliedBy(2));
  }

  private void turn() {
    if (!done && isUpToDate.getAsBoolean() && step()) {
      open();
    }
  }

  /**
   * Begins what is held back. What fails is held further, and keeps nothing else from beginning.
   *
   * @throws NotBegunException if something has failed; may be called again
   */
  private void open() {
    List<NotBegunException> failures = new ArrayList<>();
    for (List<Managed> now = toBegin(); !now.isEmpty() && failures.isEmpty(); now = toBegin()) {
      for (Managed managed : now) {
        try {
          begin(managed);
          release(managed);
        } catch (NotBegunException e) {
          failures.add(e);
        }
      }
    }
    if (!failures.isEmpty()) {
      NotBegunException first = failures.remove(0);
      failures.forEach(first::addSuppressed);
      throw first;
    }
    thread.stop();
  }

  /** Nothing more is held back when it answers none. */
  private synchronized List<Managed> toBegin() {
    done = held.isEmpty();
    return List.copyOf(held);
  }

  private synchronized void release(Managed managed) {
    held.remove(managed);
  }

  /** Answers whether all is carried over. */
  private boolean step() {
    if (tags.isDone()) {
      return true;
    }
    if (isAlone && !endedLeases) {
      fence.endLeasesBefore();
      endedLeases = true;
    }
    events.rescueExpired(RESCUES_AT_ONCE);
    TagCarryOver.Step step = tags.step();
    while (step == TagCarryOver.Step.WENT_ON && !isStopped()) {
      say("the tags of before the upgrade are being carried over");
      step = tags.step();
    }
    if (step == TagCarryOver.Step.WAITS) {
      say(
          "%d leases of the version before are open: what it has begun ends, or is taken back when"
                  .formatted(fence.leasesBefore())
              + " they run out");
    }
    return step == TagCarryOver.Step.DONE;
  }

  private void say(String what) {
    doing = what;
    if (!what.equals(told)) {
      told = what;
      LOGGER.info("nothing is worked off yet: {}", what);
    }
  }

  private void failed(Throwable failure) {
    FatalErrors.haltOn(failure);
    String what;
    if (failure instanceof NotBegunException) {
      what = failure.getMessage() + ", and is tried again";
      notBegun = what;
    } else {
      what = "nothing is worked off yet: the carry-over is tried again: " + failure.getMessage();
      doing = "the database is out";
    }
    if (!what.equals(told)) {
      told = what;
      LOGGER.warn(what, failure);
    }
  }

  /** Healthy while it goes on, because a new process would be no further. */
  @Override
  protected Result check() {
    if (done) {
      return Result.healthy();
    }
    return notBegun == null
        ? Result.healthy("nothing is worked off yet: %s", doing)
        : Result.unhealthy("%s", notBegun);
  }
}
