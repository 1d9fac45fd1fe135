package dev.acuse.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.compress.CompressDeflate;
import org.h2.compress.CompressLZF;
import org.h2.compress.Compressor;
import org.h2.mvstore.DataUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What H2 (2.4.240 to 2.5.252) writes at once: a header, and pages behind it. Each page says of
 * which map it is and carries a check value of its chunk and place, so that it can be read though
 * nothing leads to it.
 *
 * @param version the larger, the later it was written
 * @param start where it lies in the file, in bytes
 */
record H2Chunk(int id, long version, long start, long length) {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2Chunk.class);
  private static final int BLOCK = 4096;
  private static final int HEAD = 1024;
  private static final Pattern ID = Pattern.compile("^chunk:([0-9a-f]{1,8}),");
  private static final Pattern LENGTH = Pattern.compile(",len:([0-9a-f]{1,8})[,\\s]");
  private static final Pattern VERSION = Pattern.compile(",version:([0-9a-f]{1,15})[,\\s]");
  private static final int LEAST_PAGE = 10;
  private static final int MOST_UNPACKED = 32 << 20;
  private static final int COMPRESSED = DataUtils.PAGE_COMPRESSED;
  private static final int COMPRESSED_HIGH = DataUtils.PAGE_COMPRESSED_HIGH;

  /**
   * The last pages of maps: entries.
   *
   * @param entries how many there are
   * @param content the keys, and behind them the values
   */
  record Leaf(int mapId, int entries, ByteBuffer content) {}

  /** All that a file holds, whether it is still in use or not; the newest first. */
  static List<H2Chunk> of(FileChannel file) throws IOException {
    List<H2Chunk> chunks = new ArrayList<>();
    var head = ByteBuffer.allocate(HEAD);
    for (long start = 0; start < file.size(); start += BLOCK) {
      head.clear();
      file.read(head, start);
      String text = new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
      Matcher id = ID.matcher(text);
      Matcher length = LENGTH.matcher(text);
      Matcher version = VERSION.matcher(text);
      if (id.find() && length.find() && version.find()) {
        chunks.add(
            new H2Chunk(
                Integer.parseUnsignedInt(id.group(1), 16),
                Long.parseLong(version.group(1), 16),
                start,
                Math.min(
                    Long.parseLong(length.group(1), 16) * BLOCK,
                    Math.min(Integer.MAX_VALUE, file.size() - start))));
      }
    }
    chunks.sort(Comparator.comparingLong(H2Chunk::version).reversed());
    return chunks;
  }

  /** Every leaf that is whole; where none begins the next is looked for. */
  void leaves(FileChannel file, Consumer<Leaf> consumer) throws IOException {
    ByteBuffer chunk = file.map(FileChannel.MapMode.READ_ONLY, start, length);
    int position = 0;
    while (position + LEAST_PAGE < chunk.limit()) {
      int pageLength = pageLength(chunk, position);
      if (pageLength < 0) {
        position++;
        continue;
      }
      try {
        leaf(chunk.slice(position, pageLength), consumer);
      } catch (NewFileException e) {
        throw e;
      } catch (RuntimeException e) {
        LOGGER.debug("a page of chunk {} cannot be read", id, e);
      }
      position += pageLength;
    }
  }

  /** How long the page is that begins here; -1 if none does. */
  int pageLength(ByteBuffer chunk, int position) {
    int pageLength = chunk.getInt(position);
    if (pageLength < LEAST_PAGE || pageLength > chunk.limit() - position) {
      return -1;
    }
    int check =
        DataUtils.getCheckValue(id)
            ^ DataUtils.getCheckValue(position)
            ^ DataUtils.getCheckValue(pageLength);
    return chunk.getShort(position + Integer.BYTES) == (short) check ? pageLength : -1;
  }

  private static void leaf(ByteBuffer page, Consumer<Leaf> consumer) {
    page.position(Integer.BYTES + Short.BYTES);
    DataUtils.readVarInt(page);
    int mapId = DataUtils.readVarInt(page);
    int entries = DataUtils.readVarInt(page);
    int type = page.get();
    if ((type & 1) == DataUtils.PAGE_TYPE_LEAF && mapId >= 0 && entries > 0) {
      consumer.accept(new Leaf(mapId, entries, content(page, type)));
    }
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
    if (more < 0 || more > MOST_UNPACKED) {
      throw new IllegalStateException("no page is so large");
    }
    byte[] whole = new byte[packed.length + more];
    compressor.expand(packed, 0, packed.length, whole, 0, whole.length);
    return ByteBuffer.wrap(whole);
  }
}
