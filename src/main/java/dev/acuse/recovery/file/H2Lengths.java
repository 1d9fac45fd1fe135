package dev.acuse.recovery.file;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;

/**
 * Looks at a value before H2 reads it: from a page that is nonsense it would take any number for a
 * length, and all the memory there is.
 */
final class H2Lengths {
  private static final int VARBINARY = 12;
  private static final int VARCHAR = 13;

  /** Numbers, times and truth values up to here are as long as they are; texts come next. */
  private static final int LAST_OF_FIXED_LENGTH = 131;

  private static final int FIRST_OF_OTHERS = 14;
  private static final int LAST_OF_OTHERS = 31;
  private static final int TIMESTAMP_TZ = 135;
  private static final int NUMERIC = 6;

  private H2Lengths() {}

  /**
   * Insists that a value of our tables begins here, and ends before the page does.
   *
   * @throws ImpossibleLengthException if it would not end before the page does
   * @throws IllegalStateException if it is none of ours
   */
  static void check(ByteBuffer content) {
    int type = content.get(content.position()) & 0xff;
    boolean isOther =
        (type >= FIRST_OF_OTHERS && type <= LAST_OF_OTHERS)
            || (type > LAST_OF_FIXED_LENGTH && type != TIMESTAMP_TZ);
    boolean hasLength = type == VARBINARY || type == VARCHAR || isOther;
    int length = hasLength ? length(content, 1) : 0;
    if (type == NUMERIC) {
      length = numericLength(content);
    }
    if (length > content.remaining()) {
      throw new ImpossibleLengthException("no value of type " + type + " has length " + length);
    }
    if (isOther || length < 0) {
      throw new IllegalStateException("no value of ours: type " + type);
    }
  }

  private static int length(ByteBuffer content, int skip) {
    ByteBuffer ahead = content.duplicate().position(content.position() + skip);
    return DataUtils.readVarInt(ahead);
  }

  /** Behind its scale. */
  private static int numericLength(ByteBuffer content) {
    ByteBuffer ahead = content.duplicate().position(content.position() + 1);
    DataUtils.readVarInt(ahead);
    return DataUtils.readVarInt(ahead);
  }
}
