package dev.acuse.intake;

import dev.acuse.http.BoundedBody;
import dev.acuse.http.ProblemException;
import dev.acuse.http.RequestBodies;
import dev.acuse.process.Causes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The body of a request as {@link RequestBodies} has read it, or why it has not. */
final class BodyReader {
  private BodyReader() {}

  /**
   * The whole body; empty if there is none.
   *
   * @throws ProblemException if it is too large, too slow or cut off, or there is no memory for it
   */
  static byte[] read(HttpServletRequest request, InputStream body) {
    if (request.getAttribute(RequestBodies.BYTES) instanceof byte[] bytes) {
      return bytes;
    }
    if (request.getAttribute(RequestBodies.REFUSAL) instanceof Throwable refusal) {
      throw refusal(refusal);
    }
    try {
      return body.readAllBytes();
    } catch (IOException e) {
      throw refusal(e);
    }
  }

  /** Jetty wraps failures, and the idle timeout of a silent sender, in several ways. */
  private static ProblemException refusal(Throwable failure) {
    ProblemException refusal = Causes.first(failure, BodyReader::refusalOf);
    return refusal == null ? IntakeRefusal.cutOff() : refusal;
  }

  private static @Nullable ProblemException refusalOf(Throwable cause) {
    if (cause instanceof BoundedBody.TooLargeException large) {
      return IntakeRefusal.tooLarge(large.maxBytes());
    }
    if (cause instanceof BoundedBody.NoRoomException) {
      return IntakeRefusal.noRoom();
    }
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    boolean late =
        cause instanceof BoundedBody.TooSlowException
            || cause instanceof TimeoutException
            || text.contains("timeout");
    return late ? IntakeRefusal.tooSlow() : null;
  }
}
