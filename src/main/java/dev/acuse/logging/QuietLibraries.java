package dev.acuse.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Below {@code INFO} only Acuse's own loggers speak, whatever level a configuration or a task gives
 * to others: libraries log headers, parameters and bodies there, and with them tokens, passwords
 * and addresses of customers.
 */
public final class QuietLibraries extends TurboFilter {
  /** The values that they refuse, or the statements that fail, would stand there. */
  private static final Map<String, Level> LEAST =
      Map.of("org.eclipse.jetty.http.HttpParser", Level.ERROR, "h2database", Level.ERROR);

  private static final String OURS = "dev.acuse";

  /** Whether a logger may be set to a level. */
  public static boolean mayBe(String logger, Level level) {
    return level.isGreaterOrEqual(Level.INFO) || isOurs(logger);
  }

  private static boolean isOurs(String logger) {
    return logger.startsWith(OURS)
        && (logger.length() == OURS.length() || logger.charAt(OURS.length()) == '.');
  }

  /** Called for each line that might be logged, most of which are off anyway. */
  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable failure) {
    if (logger.getEffectiveLevel().toInt() > level.toInt()) {
      return FilterReply.NEUTRAL;
    }
    String name = logger.getName();
    Level least = LEAST.get(name);
    boolean quiet = !mayBe(name, level) || (least != null && !level.isGreaterOrEqual(least));
    return quiet ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
