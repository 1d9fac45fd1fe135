package dev.acuse.recovery.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.h2.compress.CompressDeflate;
import org.h2.compress.CompressLZF;
import org.h2.compress.Compressor;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;

/**
 * A page of a map.
 *
 * @param entries how many keys there are
 * @param children where the pages below it are; empty for a leaf
 * @param content the keys, and in a leaf the values behind them
 */
record H2Page(int mapId, int entries, boolean isLeaf, List<Long> children, ByteBuffer content) {
  private static final int MOST_UNPACKED = 32 << 20;
  private static final int COMPRESSED = DataUtils.PAGE_COMPRESSED;
  private static final int COMPRESSED_HIGH = DataUtils.PAGE_COMPRESSED_HIGH;
  private static final int CHUNK_SHIFT = 38;
  private static final int OFFSET_SHIFT = 6;

  /** The chunk that a position names. */
  static int chunkOf(long position) {
    return (int) (position >>> CHUNK_SHIFT);
  }

  /** Where in it. */
  static int offsetOf(long position) {
    return (int) (position >> OFFSET_SHIFT);
  }

  /**
   * Reads the head of one.
   *
   * @param page all of it, and nothing else
   * @return null if it is no page of a map
   * @throws ImpossibleLengthException if it says that it holds more than it can
   */
  static @Nullable H2Page of(ByteBuffer page) {
    int length = page.limit();
    page.position(Integer.BYTES + Short.BYTES);
    DataUtils.readVarInt(page);
    int mapId = DataUtils.readVarInt(page);
    int entries = DataUtils.readVarInt(page);
    int type = page.get();
    if (mapId < 0 || entries < 0) {
      return null;
    }
    if (entries > length) {
      throw new ImpossibleLengthException("no page of " + length + " has " + entries + " entries");
    }
    boolean isLeaf = (type & 1) == DataUtils.PAGE_TYPE_LEAF;
    List<Long> children = new ArrayList<>();
    for (int i = 0; !isLeaf && i <= entries; i++) {
      children.add(page.getLong());
    }
    for (int i = 0; !isLeaf && i <= entries; i++) {
      DataUtils.readVarLong(page);
    }
    return new H2Page(mapId, entries, isLeaf, children, content(page, type));
  }

  private static ByteBuffer content(ByteBuffer page, int type) {
    if ((type & COMPRESSED) == 0) {
      return page.slice();
    }
    Compressor compressor =
        (type & COMPRESSED_HIGH) == COMPRESSED_HIGH ? new CompressDeflate() : new CompressLZF();
    int more = DataUtils.readVarInt(page);
    byte[] packed = new byte[page.remaining()];
    page.get(packed);
    if (more > MOST_UNPACKED) {
      throw new ImpossibleLengthException("no page has " + more + " bytes");
    }
    if (more < 0) {
      throw new IllegalStateException("no page is so small");
    }
    byte[] whole = new byte[packed.length + more];
    compressor.expand(packed, 0, packed.length, whole, 0, whole.length);
    return ByteBuffer.wrap(whole);
  }
}
