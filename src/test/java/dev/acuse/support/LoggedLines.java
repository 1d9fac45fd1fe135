package dev.acuse.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** What a class logs from now on, until this is closed. */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Consumer<String> listener;

  public LoggedLines(Class<?> of) {
    this(of.getName(), line -> {});
  }

  /**
   * @param of the name of the class
   * @param listener is told each line, in the thread that logs it
   */
  public LoggedLines(String of, Consumer<String> listener) {
    this.logger = (Logger) LoggerFactory.getLogger(of);
    this.listener = listener;
    start();
    logger.addAppender(this);
    logger.setLevel(Level.INFO);
  }

  /** All so far, as they are written. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getFormattedMessage());
    listener.accept(event.getFormattedMessage());
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(null);
  }
}
