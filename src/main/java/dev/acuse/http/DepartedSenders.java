package dev.acuse.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.acuse.process.Causes;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Keeps out of the log what Jersey reports as an error, with a stack trace, whenever a sender hangs
 * up before its answer: nothing is wrong on our side, and anybody could fill the log with it.
 */
final class DepartedSenders extends TurboFilter {
  private static final String JERSEY = "org.glassfish.jersey.server.ServerRuntime$Responder";

  /** Holds for the process; Dropwizard's own set-up of the log is over by now. */
  static void install() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      var filter = new DepartedSenders();
      filter.start();
      context.addTurboFilter(filter);
    }
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable failure) {
    // Jersey wraps what Jetty throws.
    boolean departed =
        logger.getName().equals(JERSEY) && Causes.any(failure, EofException.class::isInstance);
    return departed ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
