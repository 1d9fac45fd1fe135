package dev.acuse;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.LayoutBase;

/** Any layout, given legible events. Runs in the thread that writes, not in the one that logs. */
final class LegibleLayout extends LayoutBase<ILoggingEvent> {
  private final Layout<ILoggingEvent> layout;

  LegibleLayout(Layout<ILoggingEvent> layout) {
    this.layout = layout;
    setContext(layout.getContext());
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    return layout.doLayout(new LegibleEvent(event));
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
