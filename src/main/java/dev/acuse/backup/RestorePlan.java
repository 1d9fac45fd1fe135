package dev.acuse.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Files;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves that make a restore. Before the plan has its name nothing has changed; from then on it
 * is carried through, by this process or by the next that opens the installation: each move may be
 * begun again.
 *
 * @param aside what is there, and where it is kept
 * @param place what is laid ready, and where it goes
 * @param done what is deleted at the end: folders that were laid ready
 */
record RestorePlan(List<Move> aside, List<Move> place, List<String> done) {
  private static final Logger LOGGER = LoggerFactory.getLogger(RestorePlan.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One move.
   *
   * @param from absolute
   * @param to absolute, on the same disk
   */
  record Move(String from, String to) {
    static Move of(Path from, Path to) {
      return new Move(from.toString(), to.toString());
    }
  }

  RestorePlan {
    aside = List.copyOf(aside);
    place = List.copyOf(place);
    done = List.copyOf(done);
  }

  /** Gives the plan its name: from now on it will be carried through. */
  void commit(H2Files files) throws IOException {
    Path plan = files.restorePlan();
    Path unfinished = plan.resolveSibling(plan.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    try (FileChannel file =
        PrivateFiles.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer content = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
      while (content.hasRemaining()) {
        file.write(content);
      }
      file.force(true);
    }
    Files.move(unfinished, plan, StandardCopyOption.ATOMIC_MOVE);
    sync(plan);
  }

  /**
   * Carries through a restore that was cut off; does nothing if none was. To be called before
   * anything of the installation is opened.
   *
   * @throws SetupException if that fails: the installation is neither the old one nor the new one
   */
  static boolean finish(H2Files files, Runnable beforeEach) {
    Path plan = files.restorePlan();
    if (!Files.exists(plan)) {
      return false;
    }
    try {
      JSON.readValue(Files.readAllBytes(plan), RestorePlan.class).carryThrough(beforeEach);
      beforeEach.run();
      Files.delete(plan);
      sync(plan);
      return true;
    } catch (IOException e) {
      throw new SetupException(
          "a restore was cut off, and cannot be carried through ("
              + e
              + "): mend that, and start again; "
              + plan
              + " names what goes where",
          e);
    }
  }

  private void carryThrough(Runnable beforeEach) throws IOException {
    Set<Path> folders = new TreeSet<>();
    for (Move move : aside) {
      beforeEach.run();
      Path from = Path.of(move.from());
      Path to = Path.of(move.to());
      // What is there though it was moved is what has been put in its place.
      if (!Files.exists(to) && Files.exists(from)) {
        PrivateFiles.makeFolder(folder(to));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      }
      folders.add(folder(from));
      folders.add(folder(to));
    }
    for (Path folder : folders) {
      sync(folder.resolve("any"));
    }
    for (Move move : place) {
      beforeEach.run();
      Path from = Path.of(move.from());
      Path to = Path.of(move.to());
      if (Files.exists(from)) {
        PrivateFiles.makeFolder(folder(to));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(to);
      }
    }
    for (String folder : done) {
      beforeEach.run();
      delete(Path.of(folder));
    }
    LOGGER.info("a restored backup is in place");
  }

  private static Path folder(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  private static void sync(Path file) throws IOException {
    if (Files.isDirectory(folder(file))) {
      SpoolSegment.syncFolder(folder(file));
    }
  }

  /** Deletes a folder and what is in it; does nothing if it is missing. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
