package dev.acuse.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads a body to a limit of our own, because the server has none for chunked ones. */
final class BodyReader {
  private final int maxBytes;

  BodyReader(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The whole body.
   *
   * @throws IntakeRefusal if it is too large, too slow or cut off
   */
  byte[] read(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw IntakeRefusal.tooLarge(maxBytes);
      }
      return bytes;
    } catch (IOException e) {
      throw isTimeout(e) ? IntakeRefusal.tooSlow() : IntakeRefusal.cutOff();
    }
  }

  /**
   * Jetty reports a slow body in several ways: as an idle timeout, or as a rate that is too low.
   */
  private static boolean isTimeout(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (cause instanceof java.util.concurrent.TimeoutException
          || text.contains("timeout")
          || text.contains("data rate")) {
        return true;
      }
    }
    return false;
  }
}
