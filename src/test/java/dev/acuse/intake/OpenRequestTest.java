package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenRequestTest {
  private final List<Runnable> later = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final AsyncContext context =
      (AsyncContext)
          Proxy.newProxyInstance(
              AsyncContext.class.getClassLoader(),
              new Class<?>[] {AsyncContext.class},
              (proxy, method, arguments) -> {
                calls.add(method.getName());
                return null;
              });
  private final OpenRequest request = new OpenRequest(context);

  /** The connection may serve its next request by then, which would be ended in its place. */
  @Test
  void whatEndsWithItsAnswerIsNotEndedOnceMore() {
    request.endUnlessEnded(later::add);
    request.onComplete(new AsyncEvent(context));
    later.forEach(Runnable::run);

    assertThat(calls).doesNotContain("complete");
  }

  @Test
  void whatIsStillOpenLaterIsEnded() {
    request.endUnlessEnded(later::add);
    assertThat(calls).doesNotContain("complete");

    later.forEach(Runnable::run);

    assertThat(calls).contains("complete");
  }
}
