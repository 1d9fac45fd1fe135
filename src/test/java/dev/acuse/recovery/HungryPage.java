package dev.acuse.recovery;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes pages of which H2 would read more than any memory holds. */
public final class HungryPage {
  /** H2's number for a text whose length stands before it. */
  private static final byte VARCHAR = 13;

  /** 2^31 - 1 as H2 writes numbers. */
  private static final byte[] HUGE = {-1, -1, -1, -1, 7};

  private static final byte[] QUERY = "data.id=".getBytes(StandardCharsets.ISO_8859_1);

  /** What follows the key in a row: the source, as a text whose length is in its type. */
  private static final byte[] SOURCE = "Fmp".getBytes(StandardCharsets.ISO_8859_1);

  private static final int SHORT = 68;
  private static final int NEAR = 600;

  private HungryPage() {}

  /**
   * Has every copy of an event's row, also those of earlier versions, say that its query string is
   * huge.
   *
   * @return how many there are
   */
  public static int make(byte[] image, String webhookId) {
    int made = 0;
    byte[] key = webhookId.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = find(image, key, 0); at >= 0; at = find(image, key, at + 1)) {
      int query = find(image, QUERY, at);
      if (query > 0 && query < at + NEAR && image[query - 2] == VARCHAR) {
        System.arraycopy(HUGE, 0, image, query - 1, HUGE.length);
        made++;
      }
    }
    return made;
  }

  /**
   * Has every copy of an event's key in the index of them say that it is huge.
   *
   * @return how many there are
   */
  public static int makeKey(byte[] image, String webhookId) {
    int made = 0;
    byte[] key = webhookId.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = find(image, key, 0); at >= 0; at = find(image, key, at + 1)) {
      boolean isInTable = find(image, SOURCE, at) == at + key.length;
      if (!isInTable && image[at - 1] == SHORT + key.length) {
        image[at - 1] = VARCHAR;
        System.arraycopy(HUGE, 0, image, at, HUGE.length);
        made++;
      }
    }
    return made;
  }

  /**
   * Has every copy of a name say that it is huge.
   *
   * @return how many there are
   */
  public static int makeName(byte[] image, String name) {
    int made = 0;
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = find(image, bytes, 0); at >= 0; at = find(image, bytes, at + 1)) {
      if (image[at - 1] == bytes.length) {
        System.arraycopy(HUGE, 0, image, at - 1, HUGE.length);
        made++;
      }
    }
    return made;
  }

  private static int find(byte[] image, byte[] text, int from) {
    for (int at = from; at + text.length <= image.length; at++) {
      if (image[at] == text[0]
          && Arrays.equals(image, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return -1;
  }
}
