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
  private boolean hasStarted;

  private AfterStart(Managed managed) {
    this.managed = managed;
  }

  /** Has something begun and ended so. */
  static void manage(Environment environment, Managed managed) {
    var later = new AfterStart(managed);
    environment.lifecycle().manage(later);
    environment.lifecycle().addServerLifecycleListener(later);
  }

  /** What begins and ends so. */
  public Managed managed() {
    return managed;
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
