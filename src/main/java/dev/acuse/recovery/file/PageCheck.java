package dev.acuse.recovery.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for a length that cannot be in the pages that H2 would read, before H2 does: it would take
 * all the memory there is for it, and the process would end without a word of why. Whatever else is
 * wrong with a page H2 notices by itself. From the latest root on, so that what lies about in space
 * that is free is no reason.
 */
public final class PageCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(PageCheck.class);
  private static final int LAYOUT = 0;
  private static final int NAMES = 1;
  private static final String ROOT = "root.";
  private static final String NAME = "name.";

  private final FileChannel file;
  private final Map<Integer, H2Chunk> chunks = new HashMap<>();
  private final Map<Integer, Long> roots = new TreeMap<>();
  private final H2Catalogue catalogue = new H2Catalogue();
  private final H2Rows rows = new H2Rows();
  private final Set<Long> seen = new HashSet<>();
  private long read;

  private PageCheck(FileChannel file) {
    this.file = file;
  }

  /**
   * What cannot be; null if there is no such thing.
   *
   * @throws IOException if the file cannot be read
   */
  public static @Nullable String impossible(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      var check = new PageCheck(file);
      check.run();
      LOGGER.info("{} pages are read, and all lengths in them can be", check.read);
      return null;
    } catch (ImpossibleLengthException e) {
      LOGGER.debug("a page holds junk", e);
      return e.getMessage();
    }
  }

  private void run() throws IOException {
    List<H2Chunk> all = H2Chunk.of(file);
    all.forEach(chunk -> chunks.putIfAbsent(chunk.id(), chunk));
    H2Chunk latest = null;
    for (H2Chunk chunk : all) {
      latest = latest == null && chunk.isComplete(file) ? chunk : latest;
    }
    if (latest == null) {
      return;
    }
    walk(LAYOUT, latest.root());
    walk(NAMES, roots.getOrDefault(NAMES, 0L));
    for (Map.Entry<Integer, Long> root : roots.entrySet()) {
      if (catalogue.isCatalogue(root.getKey())) {
        walk(root.getKey(), root.getValue());
      }
    }
    for (Map.Entry<Integer, Long> root : roots.entrySet()) {
      walk(root.getKey(), root.getValue());
    }
  }

  /** A page that is none, or that nothing leads to, H2 finds out about. */
  private void walk(int mapId, long root) throws IOException {
    Deque<Long> ahead = new ArrayDeque<>();
    ahead.add(root);
    while (!ahead.isEmpty()) {
      long position = ahead.remove();
      H2Chunk chunk = chunks.get(H2Page.chunkOf(position));
      if (chunk != null && seen.add(position)) {
        try {
          H2Page page = chunk.page(file, H2Page.offsetOf(position));
          if (page != null && page.mapId() == mapId) {
            read++;
            ahead.addAll(page.children());
            look(page);
          }
        } catch (ImpossibleLengthException e) {
          throw e;
        } catch (RuntimeException e) {
          LOGGER.debug("a page of chunk {} cannot be read", chunk.id(), e);
        }
      }
    }
  }

  private void look(H2Page page) {
    ByteBuffer content = page.content();
    int mapId = page.mapId();
    if (mapId <= NAMES) {
      readTexts(page);
    } else if (catalogue.indexed(mapId) > 0) {
      rows.keys(content, page.entries(), catalogue.indexed(mapId));
    } else if (page.isLeaf() && catalogue.isCatalogue(mapId)) {
      rows.rows(content, page.entries(), H2Catalogue.COLUMNS)
          .forEach(row -> catalogue.created(row.values()));
    } else if (page.isLeaf()) {
      H2Catalogue.Table table = catalogue.table(mapId);
      if (table != null) {
        rows.rows(content, page.entries(), table.columns().size());
      }
    }
  }

  private void readTexts(H2Page page) {
    int count = page.entries();
    List<String> texts = H2Rows.texts(page.content(), page.isLeaf() ? 2 * count : count);
    for (int i = 0; page.isLeaf() && i < count; i++) {
      String key = texts.get(i);
      String value = texts.get(count + i);
      if (key.startsWith(ROOT)) {
        roots.put(
            Integer.parseInt(key.substring(ROOT.length()), 16), Long.parseUnsignedLong(value, 16));
      } else if (key.startsWith(NAME)) {
        catalogue.name(key, value);
      }
    }
  }
}
