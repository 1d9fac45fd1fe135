package dev.acuse.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.LayoutBase;

/** Any layout, given legible events. Runs in the thread that writes, not in the one that logs. */
final class LegibleLayout extends LayoutBase<ILoggingEvent> {
  private final Layout<ILoggingEvent> layout;
  private final boolean writesFailures;

  /**
   * @param writesFailures whether to write how it failed below what the layout writes, for an
   *     appender that would do so itself, past any layout
   */
  LegibleLayout(Layout<ILoggingEvent> layout, boolean writesFailures) {
    this.layout = layout;
    this.writesFailures = writesFailures;
    setContext(layout.getContext());
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    var legible = new LegibleEvent(event);
    String text = layout.doLayout(legible);
    return writesFailures && legible.getThrowableProxy() != null
        ? text + "\n" + ThrowableProxyUtil.asString(legible.getThrowableProxy())
        : text;
  }

  @Override
  public String getContentType() {
    return layout.getContentType();
  }

  @Override
  public void start() {
    layout.start();
    super.start();
  }

  @Override
  public void stop() {
    layout.stop();
    super.stop();
  }
}
