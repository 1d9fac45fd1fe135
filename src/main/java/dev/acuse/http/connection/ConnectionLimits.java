package dev.acuse.http.connection;

import dev.acuse.process.FatalErrors;
import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection to the application port may cost: a descriptor while there are enough, and a
 * moment for the head of its request. Jetty's idle timeout starts anew with each byte, it has no
 * other for heads, and at its own limits of connections it closes the newest. One thread for all.
 */
public final class ConnectionLimits {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionLimits.class);

  private static final long LOOK_MILLIS = 500;

  /** Above this part of the descriptors, others than connections need them more. */
  private static final double SCARCE = 0.9;

  private final Connections connections;
  private final Descriptors descriptors;
  private final long headTimeoutNanos;
  private final OncePerMinute scarcityWarning = new OncePerMinute();

  private ConnectionLimits(Connections connections, Descriptors descriptors, Duration headTimeout) {
    this.connections = connections;
    this.descriptors = descriptors;
    this.headTimeoutNanos = headTimeout.toNanos();
  }

  /**
   * How many descriptors a process takes when all connections are there that it may have.
   *
   * @param most connections to the application port
   * @param others connections to databases and other systems that it may have
   */
  public static long descriptors(int most, int others) {
    return most + ConnectionCap.reserved(others);
  }

  /**
   * Watches all ports but the admin port.
   *
   * @param most connections there may be in all
   * @param perAddress connections there may be from one address; 0 for no limit
   * @param headTimeout in which the head of a request must be here
   * @param others connections to databases and other systems that this process may have
   */
  public static Connections install(
      Environment environment,
      Descriptors descriptors,
      int most,
      int perAddress,
      Duration headTimeout,
      int others) {
    var connections =
        new Connections(
            ConnectionCap.of(most, descriptors, others), perAddress, environment.metrics());
    var limits = new ConnectionLimits(connections, descriptors, headTimeout);
    ScheduledExecutorService thread =
        environment
            .lifecycle()
            .scheduledExecutorService("connection-limits", true)
            .threads(1)
            .shutdownTime(io.dropwizard.util.Duration.seconds(1))
            .build();
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStarting(LifeCycle event) {
                if (event instanceof Server server) {
                  limits.watch(server, thread);
                }
              }
            });
    return connections;
  }

  private void watch(Server server, ScheduledExecutorService thread) {
    for (Connector connector : server.getConnectors()) {
      if (!"admin".equals(connector.getName()) && connector instanceof ServerConnector socket) {
        ConnectionWatch.install(connections, socket);
      }
    }
    Executor executor = server.getThreadPool();
    var unused =
        thread.scheduleWithFixedDelay(
            () -> look(executor), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Never throws, or it would not be called again. */
  private void look(Executor executor) {
    try {
      connections.closeLate(headTimeoutNanos, executor);
      lookAtDescriptors(executor);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.error("connections cannot be looked after; trying again", e);
    }
  }

  /** What the others have taken, and what they have given back. */
  private void lookAtDescriptors(Executor executor) {
    long limit = descriptors.limit();
    long open = descriptors.open();
    long room = (long) (limit * SCARCE) - open;
    if (room < 0 && scarcityWarning.isDue()) {
      LOGGER.warn("{} of {} file descriptors are open (ulimit -n, LimitNOFILE)", open, limit);
    }
    connections.letThereBe(room, executor);
  }
}
