package dev.acuse;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.lifecycle.ServerLifecycleListener;
import org.eclipse.jetty.server.Server;

/**
 * Begins when the ports are open, and ends in its turn among all that is managed. What no webhook
 * waits for would take processor time from the start.
 */
public final class AfterStart implements Managed, ServerLifecycleListener {
  private final Managed managed;
  private final Managed subject;
  private boolean hasStarted;

  private AfterStart(Managed managed, Managed subject) {
    this.managed = managed;
    this.subject = subject;
  }

  /** Has something begun and ended so. */
  static void manage(Environment environment, Managed managed) {
    manage(environment, new AfterStart(managed, managed));
  }

  /** The same, but it begins only when what an upgrade has to carry over is carried over. */
  static void manage(Environment environment, CarryOver carryOver, Managed managed) {
    manage(environment, new AfterStart(carryOver.holding(managed), managed));
  }

  private static void manage(Environment environment, AfterStart later) {
    environment.lifecycle().manage(later);
    environment.lifecycle().addServerLifecycleListener(later);
  }

  /** What begins and ends so. */
  public Managed managed() {
    return subject;
  }

  @Override
  public synchronized void serverStarted(Server server) {
    try {
      managed.start();
      hasStarted = true;
    } catch (Exception e) {
      throw new IllegalStateException(managed.getClass().getSimpleName() + " has not begun", e);
    }
  }

  @Override
  public synchronized void stop() throws Exception {
    if (hasStarted) {
      managed.stop();
    }
  }
}
