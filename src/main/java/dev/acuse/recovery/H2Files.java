package dev.acuse.recovery;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What lies in the folder of an H2 file, by name.
 *
 * @param base the file's path as a URL names it: absolute, without {@code .mv.db}
 */
public record H2Files(Path base) {
  private static final String SUFFIX = ".mv.db";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** The file itself. */
  public Path data() {
    return beside(SUFFIX);
  }

  /** The folder of what is written down beside it. */
  public Path journal() {
    return beside(".journal");
  }

  /** Says that the file was found broken by a process that used it. */
  Path mark() {
    return beside(".broken");
  }

  /** How many processes in a row have used the file for a short time only. */
  Path starts() {
    return beside(".starts");
  }

  /** Held while a file is made. */
  Path lock() {
    return beside(".rebuild.lock");
  }

  /** The new one, as H2's URL names it, while it is being made: worth nothing. */
  Path unfinishedBase() {
    return beside(".rebuilding");
  }

  Path unfinished() {
    return beside(".rebuilding" + SUFFIX);
  }

  /** The new one when it is whole: from when it has this name it replaces the other. */
  public Path finished() {
    return beside(".rebuilt" + SUFFIX);
  }

  /** What is kept of a broken one. */
  Path broken(Instant time) {
    return beside(".broken-" + TIME.format(time) + SUFFIX);
  }

  /** What the last making anew came to, in words. */
  Path report() {
    return beside(".rebuilt.txt");
  }

  /** What a restore is to put in place; from when it is there it is finished by whatever starts. */
  public Path restorePlan() {
    return beside(".restore-plan.json");
  }

  /** Where a restore lays ready what is to be put in place. */
  public Path restoring() {
    return beside(".restoring");
  }

  /** That this is a restored backup, of when, and since when. */
  public Path restored() {
    return beside(".restored.json");
  }

  /** That a move to another database is under way, and which. */
  public Path moving() {
    return beside(".moving.json");
  }

  /** That the inbox is in another database now, and in which. */
  public Path moved() {
    return beside(".moved.json");
  }

  /** The keys that seal secrets, where the environment has none. */
  public Path key() {
    return beside(".key");
  }

  /** The accounts as they were last read, sealed. */
  public Path settings() {
    return beside(".settings.sealed");
  }

  private Path beside(String suffix) {
    return base.resolveSibling(base.getFileName() + suffix);
  }
}
