package dev.acuse.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.acuse.process.FatalErrors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends the process on a failure of the virtual machine that a library catches. Jetty, Jersey and
 * connection pools go on after whatever their tasks throw, and tell of it by their loggers only; so
 * each failure that is handed to a logger is looked at, at whatever level.
 */
public final class FatalErrorWatch extends TurboFilter {
  private FatalErrorWatch() {}

  /** Holds for the process, and for what no thread catches as well. */
  public static void install() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          FatalErrors.haltOn(failure);
          LoggerFactory.getLogger(FatalErrorWatch.class)
              .error("thread {} has ended", thread.getName(), failure);
        });
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      var watch = new FatalErrorWatch();
      watch.start();
      context.addTurboFilter(watch);
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
    FatalErrors.haltOn(failure);
    // A failure that is the last parameter is one only once the message is made.
    if (parameters != null
        && parameters.length > 0
        && parameters[parameters.length - 1] instanceof Throwable last) {
      FatalErrors.haltOn(last);
    }
    return FilterReply.NEUTRAL;
  }
}
