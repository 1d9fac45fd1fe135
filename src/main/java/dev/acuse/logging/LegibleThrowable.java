package dev.acuse.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import dev.acuse.text.Legible;
import org.jspecify.annotations.Nullable;

/** A failure, and those that caused it, with messages that begin no line and hide nothing. */
final class LegibleThrowable implements IThrowableProxy {
  private final IThrowableProxy failure;

  private LegibleThrowable(IThrowableProxy failure) {
    this.failure = failure;
  }

  static @Nullable IThrowableProxy of(@Nullable IThrowableProxy failure) {
    return failure == null ? null : new LegibleThrowable(failure);
  }

  private static @Nullable String line(@Nullable String text) {
    return text == null ? null : Legible.line(text);
  }

  @Override
  public @Nullable String getMessage() {
    return line(failure.getMessage());
  }

  @Override
  public @Nullable String getOverridingMessage() {
    return line(failure.getOverridingMessage());
  }

  @Override
  public String getClassName() {
    return failure.getClassName();
  }

  @Override
  public StackTraceElementProxy[] getStackTraceElementProxyArray() {
    return failure.getStackTraceElementProxyArray();
  }

  @Override
  public int getCommonFrames() {
    return failure.getCommonFrames();
  }

  @Override
  public @Nullable IThrowableProxy getCause() {
    return of(failure.getCause());
  }

  @Override
  public IThrowableProxy[] getSuppressed() {
    IThrowableProxy[] suppressed = failure.getSuppressed();
    IThrowableProxy[] legible = new IThrowableProxy[suppressed.length];
    for (int i = 0; i < suppressed.length; i++) {
      legible[i] = new LegibleThrowable(suppressed[i]);
    }
    return legible;
  }

  @Override
  public boolean isCyclic() {
    return failure.isCyclic();
  }
}
