package dev.acuse.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The disk of a folder: how much is free, whether it is a local one, and how long it takes to sync
 * a small file, which each stored webhook waits for.
 *
 * @param name of the finding, as {@code disk.spool}
 * @param folder need not be there yet
 * @param syncs whether what is stored there is synced before it is acknowledged
 */
public record DiskCheck(String name, Path folder, boolean syncs) {
  private static final long MEGA = 1024L * 1024;
  private static final long ENOUGH = 1024 * MEGA;
  private static final long TOO_LITTLE = 100 * MEGA;

  private static final int SYNCS = 21;
  private static final int SYNCED_BYTES = 4096;

  /** Webhooks wait so long for the disk, and MercadoPago for an answer. */
  private static final long SLOW_MICROS = 20_000;

  /** File systems whose files are on another machine (the types that Linux names). */
  private static final Pattern REMOTE =
      Pattern.compile(
          "nfs.*|cifs|smb.*|afs|9p|ceph|glusterfs|lustre|fuse\\.(sshfs|s3fs|gluster.*|ceph.*|rclone)");

  private static final Pattern IN_MEMORY = Pattern.compile("tmpfs|ramfs");

  /** What there is to say; a line each. */
  public List<Finding> look() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of(
          Finding.ok(name, folder + " is not there yet: the service makes it when it needs it"));
    }
    List<Finding> found = new ArrayList<>();
    FileStore store = Files.getFileStore(folder);
    found.add(room(store.getUsableSpace()));
    String type = store.type().toLowerCase(Locale.ROOT);
    if (syncs && REMOTE.matcher(type).matches()) {
      found.add(
          Finding.wrong(
              name + "-kind",
              "%s is on another machine (%s): locks and syncs cannot be relied on there; take a local disk"
                  .formatted(folder, type)));
    } else if (syncs && IN_MEMORY.matcher(type).matches()) {
      found.add(
          Finding.wrong(
              name + "-kind",
              "%s is in memory (%s): what is stored there is lost when the machine stops; take a disk"
                  .formatted(folder, type)));
    }
    if (syncs) {
      found.add(sync());
    }
    return found;
  }

  private Finding room(long free) {
    String text = "%s has %,d MiB left".formatted(folder, free / MEGA);
    if (free < TOO_LITTLE) {
      return Finding.wrong(name, text + ": make room, or webhooks are refused soon");
    }
    return free < ENOUGH
        ? Finding.advice(name, text + ": make room before it is full")
        : Finding.ok(name, text);
  }

  private Finding sync() throws IOException {
    long micros = medianMicros();
    String text =
        String.format(
            Locale.ROOT, "a sync of a small file in %s takes %.1f ms", folder, micros / 1000.0);
    return micros > SLOW_MICROS
        ? Finding.advice(
            name + "-sync", text + ": each group of webhooks waits for one; a faster disk helps")
        : Finding.ok(name + "-sync", text);
  }

  private long medianMicros() throws IOException {
    Path file = Files.createTempFile(folder, ".acuse-doctor-", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long[] micros = new long[SYNCS];
      for (int i = 0; i < SYNCS; i++) {
        ByteBuffer bytes = ByteBuffer.allocate(SYNCED_BYTES);
        long begun = System.nanoTime();
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
        micros[i] = (System.nanoTime() - begun) / 1000;
      }
      Arrays.sort(micros);
      return micros[SYNCS / 2];
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
