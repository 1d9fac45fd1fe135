package dev.acuse.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A disk for H2 (scheme {@code fulldisk:}) that can be full, for all files on it at once. */
public final class FullDisk extends FilePathWrapper {
  private static volatile boolean full;

  /** Made by H2, which asks for a public constructor. */
  public FullDisk() {}

  /** Makes the scheme known to H2. */
  public static void register() {
    FilePath.register(new FullDisk());
  }

  /** Whether each write is to fail from now on. */
  public static void fill(boolean isFull) {
    full = isFull;
  }

  @Override
  public String getScheme() {
    return "fulldisk";
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Channel(super.open(mode));
  }

  private static final class Channel extends FileBase {
    private final FileChannel base;

    private Channel(FileChannel base) {
      this.base = base;
    }

    private static void check() throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
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
      check();
      return base.write(source);
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      check();
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
    public FileChannel truncate(long length) throws IOException {
      base.truncate(length);
      return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
      base.force(metadata);
    }

    @Override
    public FileLock tryLock(long position, long length, boolean shared) throws IOException {
      return base.tryLock(position, length, shared);
    }

    @Override
    public void implCloseChannel() throws IOException {
      base.close();
    }
  }
}
