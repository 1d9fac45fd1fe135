package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exception with its stack costs more than the signature of a webhook does. */
class IntakeExceptionsIT {
  private static final String THROW = "jdk.JavaExceptionThrow";
  private static final String SEEN = "thrown by the test";
  private static final int WEBHOOKS = 20;

  private final Bench bench = new Bench(Engine.H2, Map.of());

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void anAcknowledgedWebhookCostsNoException(@TempDir Path folder) throws Exception {
    String payment = bench.sell();
    bench.post(bench.notifications().paymentUpdated(payment));
    Path file = folder.resolve("exceptions.jfr");
    try (var recording = new Recording()) {
      recording.enable(THROW);
      recording.start();
      for (int i = 0; i < WEBHOOKS; i++) {
        assertThat(bench.post(bench.notifications().paymentUpdated(payment)).statusCode())
            .isEqualTo(200);
      }
      seen();
      recording.stop();
      recording.dump(file);
    }

    List<RecordedEvent> all =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals(THROW))
            .toList();
    assertThat(all).extracting(event -> event.getString("message")).contains(SEEN);
    List<String> thrown =
        all.stream()
            .filter(event -> threadOf(event).matches("(answer|dw|intake).*"))
            .map(event -> threadOf(event) + ": " + event.getString("message"))
            .toList();

    assertThat(thrown).isEmpty();
  }

  /** An exception that the recording must hold, or it would hold none at all. */
  private static void seen() {
    try {
      throw new IllegalStateException(SEEN);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage(SEEN);
    }
  }

  private static String threadOf(RecordedEvent event) {
    return event.getThread() == null ? "" : String.valueOf(event.getThread().getJavaName());
  }
}
