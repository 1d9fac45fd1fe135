package dev.acuse.intake;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Reads a body within limits of our own, because the server has none that fit. */
final class BodyReader {
  private final int maxBytes;
  private final Duration timeout;

  /**
   * @param timeout how long a body may take to arrive
   */
  BodyReader(int maxBytes, Duration timeout) {
    this.maxBytes = maxBytes;
    this.timeout = timeout;
  }

  /**
   * The whole body.
   *
   * @param length what the sender says it is, in bytes; negative if he does not say. Who asks
   *     before he sends too much ({@code Expect: 100-continue}) is not told to go on.
   * @throws IntakeRefusal if it is too large, too slow or cut off
   */
  byte[] read(InputStream body, long length) {
    if (length > maxBytes) {
      throw IntakeRefusal.tooLarge(maxBytes);
    }
    try {
      return new BoundedBody(body, maxBytes, timeout).readAllBytes();
    } catch (BoundedBody.TooLargeException e) {
      throw IntakeRefusal.tooLarge(maxBytes);
    } catch (BoundedBody.TooSlowException e) {
      throw IntakeRefusal.tooSlow();
    } catch (IOException e) {
      throw isTimeout(e) ? IntakeRefusal.tooSlow() : IntakeRefusal.cutOff();
    }
  }

  /** Jetty wraps the idle timeout of a silent sender in several ways. */
  private static boolean isTimeout(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (cause instanceof TimeoutException || text.contains("timeout")) {
        return true;
      }
    }
    return false;
  }
}
