package dev.acuse.intake.spool;

import dev.acuse.event.Arrival;
import dev.acuse.process.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where acknowledged webhooks wait while the database is out: files in a folder of one process. One
 * sync a group; when {@link #append} returns, the group survives the death of the process and a
 * power cut. A file is deleted only after what it holds is in the database. Thread-safe.
 */
public final class Spool implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Spool.class);
  private static final String LOCK = "lock";
  private static final String INSTANCE = "instance";
  private static final long SEGMENT_BYTES = 8L << 20;
  private static final long LEAST_FREE_DISK = 8L << 20;

  private final Path folder;
  private final long maxBytes;
  private final Runnable onBroken;
  private final FileChannel lockFile;
  private final Deque<SpoolSegment> sealed = new ArrayDeque<>();
  private @Nullable SpoolSegment active;
  private @Nullable FileChannel activeFile;
  private long lastNumber;
  private boolean broken;

  private Spool(Path folder, long maxBytes, Runnable onBroken) throws IOException {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.onBroken = onBroken;
    PrivateFiles.makeFolder(folder);
    this.lockFile = lock(folder);
  }

  /**
   * Opens a folder, and finds what an earlier process left there.
   *
   * @param maxBytes how large its files may become, all together
   * @param onBroken told once, when the disk failed to sync: nothing that was written can be
   *     trusted then, nor can a second try (fsync forgets what it failed to write)
   * @throws IOException if the folder cannot be used, or another process does
   */
  public static Spool open(Path folder, long maxBytes, Runnable onBroken) throws IOException {
    var spool = new Spool(folder.toAbsolutePath().normalize(), maxBytes, onBroken);
    try {
      spool.find();
      return spool;
    } catch (IOException | RuntimeException e) {
      spool.close();
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel file =
        PrivateFiles.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = file.tryLock();
      if (held != null) {
        return file;
      }
    } catch (OverlappingFileLockException e) {
      LOGGER.debug("in use in this process", e);
    }
    file.close();
    throw new IOException("the folder " + folder + " is in use by another process");
  }

  private void find() throws IOException {
    restrictOlder();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> SpoolSegment.isOne(file.toString())).sorted().toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      lastNumber = Math.max(lastNumber, SpoolSegment.number(name));
      SpoolSegment found = SpoolSegment.recover(file);
      if (found.records() > 0) {
        sealed.add(found);
      } else {
        Files.delete(file);
      }
    }
    SpoolSegment.syncFolder(folder);
    long records = state().records();
    if (records > 0) {
      LOGGER.warn("{} webhooks are in the spool from before, and go to the database now", records);
    }
  }

  /**
   * The files of a folder that hold something: webhooks, and the name of whatever uses it. Its lock
   * is none of them.
   */
  public static boolean isContent(String name) {
    return name.equals(INSTANCE)
        || SpoolSegment.isOne(name)
        || name.endsWith(SpoolSegment.DAMAGED)
        || name.endsWith(SpoolSegment.REJECTED);
  }

  /**
   * Whether a process uses a folder now; one that is not there none does.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean isInUse(Path folder) throws IOException {
    Path lock = folder.resolve(LOCK);
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = file.tryLock()) {
      return held == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  /** Older versions made their files readable by others. */
  private void restrictOlder() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      PrivateFiles.restrictAll(all.filter(Spool::isOurs).toList());
    }
  }

  private static boolean isOurs(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.equals(LOCK) || isContent(name);
  }

  /**
   * Writes a group durably.
   *
   * @throws IOException if it is not on disk for certain: the spool or its disk is full, or broken
   */
  public synchronized void append(List<Arrival> group) throws IOException {
    List<ByteBuffer> frames =
        group.stream().map(arrival -> SpoolFrames.frame(SpoolCodec.encode(arrival))).toList();
    long more = frames.stream().mapToLong(ByteBuffer::remaining).sum();
    if (broken) {
      throw new IOException("a sync of the spool has failed: nothing is written any more");
    }
    if (bytes() + more > maxBytes) {
      throw new IOException("the spool is full: ACUSE_SPOOL_MAX is " + maxBytes + " bytes");
    }
    SpoolSegment segment = writable(group);
    FileChannel file = activeFile();
    write(segment, file, frames);
    sync(file);
    segment.add(group, more);
    if (segment.bytes() >= SEGMENT_BYTES) {
      seal();
    }
  }

  private SpoolSegment writable(List<Arrival> group) throws IOException {
    SpoolSegment current = active;
    if (current != null && current.takes(group)) {
      return current;
    }
    seal();
    lastNumber++;
    Path path = folder.resolve("%018d%s".formatted(lastNumber, SpoolSegment.suffix(group)));
    FileChannel file =
        PrivateFiles.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      SpoolSegment.syncFolder(folder);
    } catch (IOException e) {
      // As when it took the last descriptor. What is written to a file whose name is not on disk
      // would be lost with it.
      file.close();
      Files.deleteIfExists(path);
      throw e;
    }
    activeFile = file;
    active = new SpoolSegment(path);
    return active;
  }

  private FileChannel activeFile() throws IOException {
    FileChannel file = activeFile;
    if (file == null) {
      throw new IOException("no file of the spool is open");
    }
    return file;
  }

  private void write(SpoolSegment segment, FileChannel file, List<ByteBuffer> frames)
      throws IOException {
    try {
      for (ByteBuffer frame : frames) {
        while (frame.hasRemaining()) {
          file.write(frame);
        }
      }
    } catch (IOException e) {
      takeBack(segment, file);
      throw e;
    }
  }

  /** Half a group, of a full disk: nobody was answered for it. */
  private void takeBack(SpoolSegment segment, FileChannel file) {
    try {
      file.truncate(segment.bytes());
    } catch (IOException e) {
      LOGGER.warn("{} has a torn tail, which is cut when it is read", segment.path(), e);
      seal();
    }
  }

  private void sync(FileChannel file) throws IOException {
    try {
      file.force(false);
    } catch (IOException e) {
      broken = true;
      LOGGER.error("the spool's disk failed to sync: webhooks are refused from now on", e);
      onBroken.run();
      throw e;
    }
  }

  private void seal() {
    FileChannel file = activeFile;
    SpoolSegment segment = active;
    active = null;
    activeFile = null;
    if (segment != null) {
      sealed.add(segment);
    }
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOGGER.debug("what was acknowledged is synced", e);
    }
  }

  /** The file that has waited for longest, closed to writers; null if nothing waits. */
  public synchronized @Nullable SpoolSegment oldest() {
    SpoolSegment current = active;
    if (sealed.isEmpty() && current != null && current.records() > 0) {
      seal();
    }
    return sealed.peek();
  }

  /** All that the oldest file holds is in the database, or set aside beside it: it may go. */
  public synchronized void delete(SpoolSegment segment) throws IOException {
    Files.deleteIfExists(segment.path());
    sealed.remove(segment);
    try {
      SpoolSegment.syncFolder(folder);
    } catch (IOException e) {
      LOGGER.warn("{} is back after a power cut, and is drained again then", segment.path(), e);
    }
  }

  /**
   * How the spool is doing.
   *
   * @param records acknowledged webhooks that wait for the database
   * @param bytes how large they are
   * @param oldestMillis when the first of them came in, in milliseconds since the epoch; null if
   *     none waits
   * @param canTake whether more could be written now, as far as can be told
   */
  public record State(long records, long bytes, @Nullable Long oldestMillis, boolean canTake) {}

  /** How the spool is doing now. */
  public synchronized State state() {
    long records = sealed.stream().mapToLong(SpoolSegment::records).sum();
    SpoolSegment first = sealed.peek();
    SpoolSegment current = active;
    if (current != null) {
      records += current.records();
      first = first == null ? current : first;
    }
    Long oldest = first == null || records == 0 ? null : first.firstReceivedMillis();
    boolean canTake = !broken && bytes() < maxBytes && hasRoom();
    return new State(records, bytes(), oldest, canTake);
  }

  /** How many records wait that a process run took in. */
  public synchronized long recordsOf(String run) {
    SpoolSegment current = active;
    return sealed.stream().mapToLong(segment -> segment.recordsOf(run)).sum()
        + (current == null ? 0 : current.recordsOf(run));
  }

  /**
   * Names whoever uses this folder, the same for every process that ever does: 36 characters.
   *
   * @throws IOException if it cannot be kept
   */
  public synchronized String instance() throws IOException {
    Path file = folder.resolve(INSTANCE);
    if (Files.exists(file)) {
      String name = Files.readString(file).strip();
      if (name.matches("[0-9a-f-]{36}")) {
        return name;
      }
    }
    String name = UUID.randomUUID().toString();
    try (FileChannel channel =
        PrivateFiles.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)));
    }
    SpoolSegment.syncFolder(folder);
    return name;
  }

  /** How many files hold records that the database refused. */
  public long rejectedFiles() {
    return setAside(SpoolSegment.REJECTED);
  }

  /** How many files hold what was found damaged. */
  public long damagedFiles() {
    return setAside(SpoolSegment.DAMAGED);
  }

  private long setAside(String suffix) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(suffix)).count();
    } catch (IOException e) {
      LOGGER.warn("the spool's folder cannot be read", e);
      return 0;
    }
  }

  private long bytes() {
    SpoolSegment current = active;
    return sealed.stream().mapToLong(SpoolSegment::bytes).sum()
        + (current == null ? 0 : current.bytes());
  }

  private boolean hasRoom() {
    try {
      return Files.getFileStore(folder).getUsableSpace() > LEAST_FREE_DISK;
    } catch (IOException e) {
      LOGGER.debug("the spool's disk cannot be asked", e);
      return false;
    }
  }

  /** Lets another process use the folder. */
  @Override
  public synchronized void close() throws IOException {
    seal();
    lockFile.close();
  }
}
