package dev.acuse.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import dev.acuse.text.Legible;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * What is logged, with the texts of others in it made legible: in the message, in what it is about
 * (MDC), and in failures. So it holds for any {@code logFormat}.
 */
final class LegibleEvent implements ILoggingEvent {
  private final ILoggingEvent event;

  LegibleEvent(ILoggingEvent event) {
    this.event = event;
  }

  private static @Nullable String line(@Nullable String text) {
    return text == null ? null : Legible.line(text);
  }

  private static Map<String, String> lines(@Nullable Map<String, String> texts) {
    Map<String, String> lines = new TreeMap<>();
    if (texts != null) {
      texts.forEach((name, text) -> lines.put(name, text == null ? "" : Legible.line(text)));
    }
    return lines;
  }

  @Override
  public @Nullable String getThreadName() {
    return line(event.getThreadName());
  }

  @Override
  public Level getLevel() {
    return event.getLevel();
  }

  @Override
  public @Nullable String getMessage() {
    return line(event.getMessage());
  }

  @Override
  public Object @Nullable [] getArgumentArray() {
    return event.getArgumentArray();
  }

  @Override
  public @Nullable String getFormattedMessage() {
    return line(event.getFormattedMessage());
  }

  @Override
  public String getLoggerName() {
    return event.getLoggerName();
  }

  @Override
  public LoggerContextVO getLoggerContextVO() {
    return event.getLoggerContextVO();
  }

  @Override
  public @Nullable IThrowableProxy getThrowableProxy() {
    return LegibleThrowable.of(event.getThrowableProxy());
  }

  @Override
  public StackTraceElement[] getCallerData() {
    return event.getCallerData();
  }

  @Override
  public boolean hasCallerData() {
    return event.hasCallerData();
  }

  @Override
  public @Nullable List<Marker> getMarkerList() {
    return event.getMarkerList();
  }

  @Override
  public Map<String, String> getMDCPropertyMap() {
    return lines(event.getMDCPropertyMap());
  }

  @SuppressWarnings("deprecation")
  @Override
  public Map<String, String> getMdc() {
    return getMDCPropertyMap();
  }

  @Override
  public long getTimeStamp() {
    return event.getTimeStamp();
  }

  @Override
  public int getNanoseconds() {
    return event.getNanoseconds();
  }

  @Override
  public Instant getInstant() {
    return event.getInstant();
  }

  @Override
  public long getSequenceNumber() {
    return event.getSequenceNumber();
  }

  @Override
  public @Nullable List<KeyValuePair> getKeyValuePairs() {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs == null
        ? null
        : pairs.stream()
            .map(pair -> new KeyValuePair(pair.key, line(String.valueOf(pair.value))))
            .toList();
  }

  @Override
  public void prepareForDeferredProcessing() {
    event.prepareForDeferredProcessing();
  }
}
