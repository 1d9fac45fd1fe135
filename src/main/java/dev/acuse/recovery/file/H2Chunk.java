package dev.acuse.recovery.file;

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
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What H2 (2.4.240 to 2.5.252) writes at once: a header, and pages behind it. Each page says of
 * which map it is and carries a check value of its chunk and place, so that it can be read though
 * nothing leads to it.
 *
 * @param version the larger, the later it was written
 * @param start where it lies in the file, in bytes
 * @param root where the map is that leads to all others; 0 if it is not said
 */
public record H2Chunk(int id, long version, long start, long length, long root) {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2Chunk.class);
  private static final int BLOCK = 4096;
  private static final int HEAD = 1024;
  private static final Pattern ID = Pattern.compile("^chunk:([0-9a-f]{1,8}),");
  private static final Pattern LENGTH = Pattern.compile(",len:([0-9a-f]{1,8})[,\\s]");
  private static final Pattern VERSION = Pattern.compile(",version:([0-9a-f]{1,15})[,\\s]");
  private static final int LEAST_PAGE = 10;
  private static final Pattern ROOT = Pattern.compile(",root:([0-9a-f]{1,16})[,\\s]");
  private static final int FOOTER = 128;
  private static final int MOST_OF_PAGE = 256 << 20;

  /** All that a file holds, whether it is still in use or not; the newest first. */
  public static List<H2Chunk> of(FileChannel file) throws IOException {
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
                    Math.min(Integer.MAX_VALUE, file.size() - start)),
                root(text)));
      }
    }
    chunks.sort(Comparator.comparingLong(H2Chunk::version).reversed());
    return chunks;
  }

  private static long root(String head) {
    Matcher root = ROOT.matcher(head);
    return root.find() ? Long.parseUnsignedLong(root.group(1), 16) : 0;
  }

  /** Whether it ends as H2 ends what it has written to the end. */
  boolean isComplete(FileChannel file) throws IOException {
    var foot = ByteBuffer.allocate(FOOTER);
    file.read(foot, start + length - FOOTER);
    String text = new String(foot.array(), 0, foot.position(), StandardCharsets.ISO_8859_1);
    Matcher its = ID.matcher(text);
    Matcher last = VERSION.matcher(text);
    return its.find()
        && last.find()
        && Integer.parseUnsignedInt(its.group(1), 16) == id
        && Long.parseLong(last.group(1), 16) == version;
  }

  /** The page that lies here; null if none does. */
  @Nullable H2Page page(FileChannel file, int position) throws IOException {
    var head = ByteBuffer.allocate(Integer.BYTES + Short.BYTES);
    if (position < 0 || position > length - head.capacity()) {
      return null;
    }
    file.read(head, start + position);
    head.flip();
    int pageLength = head.getInt(0);
    if (pageLength < LEAST_PAGE
        || pageLength > Math.min(length - position, MOST_OF_PAGE)
        || head.getShort(Integer.BYTES) != check(position, pageLength)) {
      return null;
    }
    var page = ByteBuffer.allocate(pageLength);
    file.read(page, start + position);
    return H2Page.of(page.flip());
  }

  /** Every leaf that is whole; where none begins the next is looked for. */
  void leaves(FileChannel file, Consumer<H2Page> consumer) throws IOException {
    ByteBuffer chunk = file.map(FileChannel.MapMode.READ_ONLY, start, length);
    int position = 0;
    while (position + LEAST_PAGE < chunk.limit()) {
      int pageLength = pageLength(chunk, position);
      if (pageLength < 0) {
        position++;
        continue;
      }
      try {
        H2Page page = H2Page.of(chunk.slice(position, pageLength));
        if (page != null && page.isLeaf() && page.entries() > 0) {
          consumer.accept(page);
        }
      } catch (NewFileException e) {
        throw e;
      } catch (RuntimeException e) {
        LOGGER.debug("a page of chunk {} cannot be read", id, e);
      }
      position += pageLength;
    }
  }

  /** How long the page is that begins here; -1 if none does. */
  public int pageLength(ByteBuffer chunk, int position) {
    int pageLength = chunk.getInt(position);
    if (pageLength < LEAST_PAGE || pageLength > chunk.limit() - position) {
      return -1;
    }
    return chunk.getShort(position + Integer.BYTES) == check(position, pageLength)
        ? pageLength
        : -1;
  }

  private short check(int position, int pageLength) {
    return (short)
        (DataUtils.getCheckValue(id)
            ^ DataUtils.getCheckValue(position)
            ^ DataUtils.getCheckValue(pageLength));
  }
}
