package dev.acuse.recovery.journal;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Ticket;
import dev.acuse.inbox.ArrivalJournal;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.intake.spool.SpoolFrames;
import dev.acuse.payment.CheckoutJournal;
import dev.acuse.payment.state.Checkout;
import dev.acuse.process.FatalErrors;
import dev.acuse.recovery.journal.JournalFolder.Segment;
import io.dropwizard.lifecycle.Managed;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down, in files beside the H2 file, what nobody could give us again if that file broke: for
 * three days. One thread writes, and syncs once for all that has come meanwhile; so it costs an
 * answer no more than the slower of two disks' syncs. Thread-safe.
 */
public final class Journal implements ArrivalJournal, CheckoutJournal, Managed {
  /** What was acknowledged so lately is in the journal. */
  public static final Duration KEPT = Duration.ofDays(3);

  private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);

  /** A clock may be set, and a file be put back from yesterday. */
  private static final Duration MARGIN = Duration.ofHours(1);

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int MOST_AT_ONCE = 64;

  /**
   * So many zeros are written ahead: a sync that need not make the file longer costs half as much.
   */
  private static final int AHEAD_BYTES = 256 << 10;

  /**
   * What webhooks that nothing proves may take of the disk; and never more than half of what they
   * and free room are together.
   */
  private static final long MOST_UNPROVEN = 1L << 30;

  private static final Entry END = new Entry(List::of, false, new CompletableFuture<>());

  /** What is to be written; it is encoded by the thread that writes. */
  private record Entry(Contents contents, boolean synced, CompletableFuture<Void> done) {}

  /** A record, and whether it is of a webhook that nothing proves. */
  private static final class Content {
    final byte[] record;
    final boolean unproven;

    Content(byte[] record, boolean unproven) {
      this.record = record;
      this.unproven = unproven;
    }

    Content(byte[] record) {
      this(record, false);
    }
  }

  @FunctionalInterface
  private interface Contents {
    List<Content> get();
  }

  private final JournalFolder folder;
  private final InstantSource clock;
  private final long segmentBytes;
  private final Runnable onBroken;
  private final File disk;
  private final long mostUnproven;
  private final UnprovenBytes unproven = new UnprovenBytes();
  private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private @Nullable FileChannel file;
  private long bytes;
  private long room;
  private boolean broken;
  private volatile Segment segment;
  private volatile boolean full;

  private Journal(
      JournalFolder folder,
      Segment last,
      InstantSource clock,
      long segmentBytes,
      long mostUnproven,
      Runnable onBroken) {
    this.folder = folder;
    this.disk = folder.path().toFile();
    this.mostUnproven = mostUnproven;
    this.segment = last;
    this.clock = clock;
    this.segmentBytes = segmentBytes;
    this.onBroken = onBroken;
    this.thread = new Thread(this::run, "arrival-journal");
    thread.setDaemon(true);
  }

  /**
   * Opens a journal, which goes on behind what is there; by the one process that has the H2 file
   * open.
   *
   * @param clock the database's time
   * @param onBroken told once, if its disk failed to sync: nothing is acknowledged from then on
   * @throws IOException if the folder cannot be used
   */
  public static Journal open(Path folder, InstantSource clock, Runnable onBroken)
      throws IOException {
    return open(folder, clock, 8L << 20, MOST_UNPROVEN, onBroken);
  }

  public static Journal open(Path folder, InstantSource clock, long segmentBytes, Runnable onBroken)
      throws IOException {
    return open(folder, clock, segmentBytes, MOST_UNPROVEN, onBroken);
  }

  public static Journal open(
      Path folder, InstantSource clock, long segmentBytes, long mostUnproven, Runnable onBroken)
      throws IOException {
    var files = new JournalFolder(folder);
    files.create();
    List<Segment> all = files.segments();
    Segment last = all.isEmpty() ? new Segment(folder, 0, Instant.EPOCH) : all.get(all.size() - 1);
    var journal = new Journal(files, last, clock, segmentBytes, mostUnproven, onBroken);
    journal.unproven.addAll(all);
    journal.thread.start();
    return journal;
  }

  @Override
  public Written begin(List<Arrival> arrivals) {
    // What is in quarantine was not acknowledged as an event, unless it is genuine and no
    // account's.
    List<Arrival> promised =
        arrivals.stream()
            .filter(
                arrival ->
                    arrival.event().status() != EventStatus.QUARANTINED
                        || arrival.event().hasUnknownAccount())
            .toList();
    return promised.isEmpty()
        ? () -> {}
        : begin(() -> promised.stream().map(Journal::content).toList(), true);
  }

  private static Content content(Arrival arrival) {
    return new Content(JournalRecord.of(arrival), UnprovenBytes.isUnproven(arrival));
  }

  @Override
  public boolean hasRoomForUnproven() {
    long taken = unproven.total();
    boolean isFull = taken >= mostUnproven || taken > disk.getUsableSpace();
    if (isFull != full) {
      full = isFull;
      if (isFull) {
        LOGGER.warn(
            "the journal holds {} bytes of webhooks that nothing proves: no more are taken until it"
                + " holds fewer, which is after three days at the latest",
            taken);
      }
    }
    return !isFull;
  }

  @Override
  public void deleted(Collection<Ticket> tickets) {
    if (!tickets.isEmpty()) {
      var unused = begin(() -> List.of(new Content(JournalRecord.ofDeleted(tickets))), false);
    }
  }

  @Override
  public void write(Checkout checkout) {
    begin(() -> List.of(new Content(JournalRecord.of(checkout))), true).await();
  }

  /** Writes books with whatever is synced next; a moment of them may be lost. */
  void note(List<IntakeBalance> runs, JournalRecord.Counts counts) {
    var unused =
        begin(
            () ->
                Stream.concat(
                        Stream.of(JournalRecord.of(counts)), runs.stream().map(JournalRecord::of))
                    .map(Content::new)
                    .toList(),
            false);
  }

  /** Which file is written; another number says that a new one was begun. */
  long segment() {
    return segment.number();
  }

  private Written begin(Contents contents, boolean synced) {
    var done = new CompletableFuture<Void>();
    queue.add(new Entry(contents, synced, done));
    return () -> {
      try {
        done.join();
      } catch (CompletionException e) {
        throw new ConnectionException(e.getCause() == null ? e : e.getCause());
      }
    };
  }

  private void run() {
    List<Entry> batch = new ArrayList<>();
    boolean ended = false;
    while (!ended) {
      batch.clear();
      take(batch);
      ended = batch.remove(END);
      write(batch);
    }
    closeFile();
  }

  private void take(List<Entry> batch) {
    try {
      batch.add(queue.take());
      queue.drainTo(batch, MOST_AT_ONCE);
    } catch (InterruptedException e) {
      LOGGER.debug("this thread is ended by its last entry, not by an interrupt", e);
    }
  }

  /** All or none; whatever happens, nobody waits for it for ever. */
  private void write(List<Entry> batch) {
    try {
      if (!batch.isEmpty()) {
        append(batch);
        batch.forEach(entry -> entry.done().complete(null));
      }
    } catch (IOException | RuntimeException e) {
      LOGGER.warn("the journal beside the H2 file cannot be written: {}", e.toString());
      batch.forEach(entry -> entry.done().completeExceptionally(e));
    } catch (Error e) {
      FatalErrors.haltOn(e);
      broken = true;
      batch.forEach(entry -> entry.done().completeExceptionally(e));
      onBroken.run();
    }
  }

  private void append(List<Entry> batch) throws IOException {
    if (broken) {
      throw new IOException("a sync of the journal has failed: nothing is written any more");
    }
    FileChannel current = writable();
    long before = bytes;
    long more = 0;
    try {
      for (Entry entry : batch) {
        for (Content content : entry.contents().get()) {
          long length = write(current, SpoolFrames.frame(content.record));
          bytes += length;
          more += content.unproven ? length : 0;
        }
      }
    } catch (IOException | RuntimeException e) {
      takeBack(current, before);
      throw e;
    }
    unproven.add(segment.number(), more);
    if (batch.stream().anyMatch(Entry::synced)) {
      sync(current);
    }
  }

  private long write(FileChannel current, ByteBuffer frame) throws IOException {
    long length = frame.remaining();
    if (bytes + length > room) {
      room = bytes + length + AHEAD_BYTES;
      writeFully(current, ByteBuffer.allocate(AHEAD_BYTES), bytes + length);
    }
    writeFully(current, frame, bytes);
    return length;
  }

  private static void writeFully(FileChannel file, ByteBuffer content, long at) throws IOException {
    long position = at;
    while (content.hasRemaining()) {
      position += file.write(content, position);
    }
  }

  private FileChannel writable() throws IOException {
    Instant now = clock.instant();
    FileChannel current = file;
    boolean isOld = segment.begunAt().plus(LONGEST).isBefore(now);
    if (current != null && bytes < segmentBytes && !isOld) {
      return current;
    }
    endFile();
    Segment next = folder.next(segment.number(), now);
    FileChannel begun = folder.begin(next);
    file = begun;
    bytes = 0;
    room = 0;
    segment = next;
    forget(now.minus(KEPT).minus(MARGIN));
    return begun;
  }

  /** Notes in a file that is full what a start would have to read all of it for. */
  private void endFile() {
    FileChannel current = file;
    try {
      if (current != null) {
        byte[] last = JournalRecord.ofUnproven(unproven.of(segment.number()));
        bytes += write(current, SpoolFrames.frame(last));
      }
    } catch (IOException e) {
      LOGGER.debug("the next start reads it", e);
    }
    closeFile();
  }

  private void forget(Instant cutOff) {
    try {
      folder.deleteBefore(cutOff);
      unproven.keepOnly(folder.segments());
    } catch (IOException e) {
      LOGGER.warn("old files of the journal stay: {}", e.toString());
    }
  }

  /** Half a group, of a full disk: nobody was answered for it. */
  private void takeBack(FileChannel current, long length) {
    try {
      bytes = length;
      room = length;
      current.truncate(length);
    } catch (IOException e) {
      LOGGER.debug("its torn tail is passed over when it is read", e);
      closeFile();
    }
  }

  private void sync(FileChannel current) throws IOException {
    try {
      current.force(false);
    } catch (IOException e) {
      broken = true;
      LOGGER.error("the journal's disk failed to sync: nothing is acknowledged any more", e);
      onBroken.run();
      throw e;
    }
  }

  private void closeFile() {
    FileChannel current = file;
    file = null;
    try {
      if (current != null) {
        current.truncate(bytes);
        current.close();
      }
    } catch (IOException e) {
      LOGGER.debug("what was acknowledged is synced", e);
    }
  }

  /** Ends after what was begun is written. */
  @Override
  public void stop() throws InterruptedException {
    queue.add(END);
    thread.join();
  }
}
