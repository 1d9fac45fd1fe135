package dev.acuse.backup;

import dev.acuse.backup.Manifest.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** A zip that chooses the names of its entries, and knows the checksum of each. One thread. */
final class CheckedZip extends ZipOutputStream {
  private final List<Entry> entries = new ArrayList<>();
  private final MessageDigest digest = sha256();
  private @Nullable String next;
  private @Nullable String current;
  private long bytes;

  CheckedZip(OutputStream out) {
    super(out);
    // A service at work must not spend its processor on a better ratio.
    setLevel(Deflater.BEST_SPEED);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The next entry is called this, whatever its writer calls it. */
  void callNext(String name) {
    next = name;
  }

  @Override
  public void putNextEntry(ZipEntry entry) throws IOException {
    String name = next == null ? entry.getName() : next;
    next = null;
    super.putNextEntry(new ZipEntry(name));
    current = name;
    bytes = 0;
    digest.reset();
  }

  @Override
  public synchronized void write(byte[] content, int from, int length) throws IOException {
    super.write(content, from, length);
    digest.update(content, from, length);
    bytes += length;
  }

  @Override
  public void closeEntry() throws IOException {
    super.closeEntry();
    String name = current;
    if (name != null) {
      entries.add(new Entry(name, bytes, HexFormat.of().formatHex(digest.digest())));
      current = null;
    }
  }

  /** Those that are whole. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }
}
