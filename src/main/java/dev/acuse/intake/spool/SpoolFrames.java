package dev.acuse.intake.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How records lie in a file of the spool, or of a journal: a mark, the length, a CRC32C (RFC 3720,
 * 12.1) of length and record, the record. The mark lets a reader find the next record behind a
 * damaged one. Pure.
 */
public final class SpoolFrames {
  private static final int MARK = 0xAC05E001;

  /** What a frame adds to its record, in bytes. */
  public static final int OVERHEAD = 3 * Integer.BYTES;

  private SpoolFrames() {}

  /** A stretch of a file. */
  public record Range(int from, int to) {
    /** How long it is, in bytes. */
    public int length() {
      return to - from;
    }
  }

  /**
   * What a file holds.
   *
   * @param records where the whole records are, in order
   * @param damaged what lies between or behind them, is not a record, and does not look like the
   *     beginning of one that was being written when the process ended
   * @param tornFrom where such a beginning lies; the length of the file if there is none
   */
  public record Scan(List<Range> records, List<Range> damaged, int tornFrom) {}

  /** A record in its frame, ready to be written. */
  public static ByteBuffer frame(byte[] content) {
    ByteBuffer frame = ByteBuffer.allocate(OVERHEAD + content.length);
    frame.putInt(MARK).putInt(content.length).putInt(checksum(content, 0, content.length));
    return frame.put(content).flip();
  }

  /** Finds every whole record, behind damage too. */
  public static Scan scan(byte[] file) {
    List<Range> records = new ArrayList<>();
    List<Range> damaged = new ArrayList<>();
    int position = 0;
    while (position < file.length) {
      int end = endOfFrame(file, position);
      if (end > 0) {
        records.add(new Range(position + OVERHEAD, end));
        position = end;
        continue;
      }
      int next = nextFrame(file, position + 1);
      if (next == file.length && isTorn(file, position)) {
        return new Scan(records, damaged, position);
      }
      damaged.add(new Range(position, next));
      position = next;
    }
    return new Scan(records, damaged, file.length);
  }

  /** Where the next whole frame begins; the length of the file if there is none. */
  private static int nextFrame(byte[] file, int from) {
    int position = from;
    while (position < file.length && endOfFrame(file, position) < 0) {
      position++;
    }
    return position;
  }

  /** Where the frame that begins here ends; -1 if no whole one begins here. */
  private static int endOfFrame(byte[] file, int position) {
    int room = file.length - position - OVERHEAD;
    if (room < 0 || intAt(file, position) != MARK) {
      return -1;
    }
    int length = intAt(file, position + Integer.BYTES);
    if (length < 0 || length > room) {
      return -1;
    }
    int from = position + OVERHEAD;
    return intAt(file, position + 2 * Integer.BYTES) == checksum(file, from, length)
        ? from + length
        : -1;
  }

  /**
   * Whether a write was cut here: the frame's own length says that more was to come, or the file
   * system had made room for it (zeros) when the power failed. Nobody was answered yet for such a
   * record.
   */
  private static boolean isTorn(byte[] file, int position) {
    int room = file.length - position;
    if (isZero(file, position)) {
      return true;
    }
    if (room < Integer.BYTES) {
      return true;
    }
    return intAt(file, position) == MARK
        && (room < OVERHEAD || intAt(file, position + Integer.BYTES) > room - OVERHEAD);
  }

  private static int intAt(byte[] file, int position) {
    return ByteBuffer.wrap(file).getInt(position);
  }

  private static boolean isZero(byte[] file, int position) {
    for (int i = position; i < file.length; i++) {
      if (file[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int checksum(byte[] content, int from, int length) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
    crc.update(content, from, length);
    return (int) crc.getValue();
  }
}
