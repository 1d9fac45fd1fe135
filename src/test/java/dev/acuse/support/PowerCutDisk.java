package dev.acuse.support;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk for H2 (scheme {@code powercut:}) that knows what has been synced: {@link #cut} writes
 * what such a disk would hold after a power cut. Syncs can be made to fail.
 */
public final class PowerCutDisk extends FilePathWrapper {
  private static final String SCHEME = "powercut";
  private static final int SECTOR = 4096;
  private static final Map<String, Journal> JOURNALS = new ConcurrentHashMap<>();

  /** Made by H2, which asks for a public constructor. */
  public PowerCutDisk() {}

  /** Makes the scheme known to H2. */
  public static void register() {
    FilePath.register(new PowerCutDisk());
  }

  /** Whether each sync of this file is to fail from now on. */
  public static void failSyncs(Path file, boolean fail) {
    journal(file.toString()).failing = fail;
  }

  /**
   * Writes the file as it would be after a power cut now.
   *
   * @param survives whether a sector that was written and not synced made it to the disk; told its
   *     number among those, in the order they were written
   */
  public static void cut(Path file, Path image, IntPredicate survives) {
    journal(file.toString()).cut(image, survives);
  }

  /** How often this file was synced. */
  public static int syncs(Path file) {
    return journal(file.toString()).syncs;
  }

  private static Journal journal(String name) {
    return JOURNALS.computeIfAbsent(name, Journal::new);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    FileChannel base = super.open(mode);
    return name.endsWith(".mv.db") ? new Channel(base, journal(getBase().toString())) : base;
  }

  private record Write(long position, ByteBuffer bytes) {}

  /** What was written since the last sync, and beside the file a copy of what was synced. */
  private static final class Journal {
    private final Path synced;
    private final List<Write> pending = new ArrayList<>();
    private volatile boolean failing;
    private volatile int syncs;

    Journal(String name) {
      this.synced = Path.of(name + ".synced");
    }

    synchronized void write(long position, byte[] bytes) {
      for (int from = 0; from < bytes.length; ) {
        int to = (int) Math.min(bytes.length, from + SECTOR - (position + from) % SECTOR);
        pending.add(new Write(position + from, ByteBuffer.wrap(bytes, from, to - from).slice()));
        from = to;
      }
    }

    synchronized void truncate(long size) {
      pending.add(new Write(size, ByteBuffer.allocate(0)));
    }

    synchronized void sync() throws IOException {
      if (failing) {
        throw new IOException("Input/output error");
      }
      syncs++;
      apply(synced, index -> true);
      pending.clear();
    }

    synchronized void cut(Path image, IntPredicate survives) {
      try {
        Files.copy(synced, image, StandardCopyOption.REPLACE_EXISTING);
        apply(image, survives);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void apply(Path target, IntPredicate survives) throws IOException {
      try (var file = new RandomAccessFile(target.toFile(), "rw")) {
        for (int i = 0; i < pending.size(); i++) {
          Write write = pending.get(i);
          if (!survives.test(i)) {
            continue;
          }
          if (write.bytes().hasRemaining()) {
            file.getChannel().write(write.bytes().duplicate(), write.position());
          } else {
            file.setLength(Math.min(file.length(), write.position()));
          }
        }
      }
    }
  }

  private static final class Channel extends FileBase {
    private final FileChannel base;
    private final Journal journal;

    Channel(FileChannel base, Journal journal) {
      this.base = base;
      this.journal = journal;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return base.read(target);
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
      return base.read(target, position);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      long position = base.position();
      int written = write(source, position);
      base.position(position + written);
      return written;
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      byte[] bytes = new byte[source.remaining()];
      source.duplicate().get(bytes);
      journal.write(position, bytes);
      return base.write(source, position);
    }

    @Override
    public long position() throws IOException {
      return base.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      base.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return base.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      journal.truncate(size);
      base.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      journal.sync();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return base.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      base.close();
    }
  }
}
