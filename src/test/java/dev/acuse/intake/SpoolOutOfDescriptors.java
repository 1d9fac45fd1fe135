package dev.acuse.intake;

import dev.acuse.event.Arrival;
import dev.acuse.intake.spool.Spool;
import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.support.Events;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/** A process of its own, that uses a spool while it has no file descriptor left. */
public final class SpoolOutOfDescriptors {
  private static final Deque<FileChannel> TAKEN = new ArrayDeque<>();

  private SpoolOutOfDescriptors() {}

  /**
   * Prints what became of each step.
   *
   * @param args the folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    try (Spool spool = Spool.open(folder, 1 << 20, () -> System.out.println("broken"))) {
      say("with descriptors", spool);
      spool.delete(Objects.requireNonNull(spool.oldest()));
      takeAll(Files.createFile(folder.resolve("any")));
      say("without", spool);
      TAKEN.removeLast().close();
      say("with one", spool);
      TAKEN.removeLast().close();
      say("with two", spool);
      SpoolSegment waiting = Objects.requireNonNull(spool.oldest());
      takeAll(folder.resolve("any"));
      spool.delete(waiting);
      System.out.println("deleted without: " + (spool.oldest() == null));
      while (!TAKEN.isEmpty()) {
        TAKEN.removeLast().close();
      }
      say("with all again", spool);
      System.out.println("records: " + spool.state().records());
    }
  }

  private static void say(String when, Spool spool) {
    Arrival arrival = new Arrival(Events.pending(when), Instant.EPOCH, Instant.EPOCH);
    try {
      spool.append(List.of(arrival));
      System.out.println(when + ": stored");
    } catch (IOException e) {
      System.out.println(when + ": refused");
    }
  }

  private static void takeAll(Path file) {
    try {
      while (true) {
        TAKEN.add(FileChannel.open(file, StandardOpenOption.READ));
      }
    } catch (IOException e) {
      // None is left.
      return;
    }
  }
}
