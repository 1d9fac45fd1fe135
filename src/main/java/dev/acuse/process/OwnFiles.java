package dev.acuse.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a library writes for us, by where they are and how they are named; a folder may
 * hold others, too.
 *
 * @param folder absolute; may be missing
 * @param depth how many folders deep below it they are; 1: in it
 * @param name of the path below the folder, with {@code /}
 */
public record OwnFiles(Path folder, int depth, Pattern name) {
  private static final Logger LOGGER = LoggerFactory.getLogger(OwnFiles.class);

  /** What stands for a date or a number in the name of an archive. */
  private static final Pattern PLACEHOLDER = Pattern.compile("%[-0-9.]*[a-zA-Z]+(\\{[^}]*})?");

  /** What logback appends while it compresses an archive. */
  private static final String IN_WORK = "(\\d*\\.tmp)?";

  /**
   * H2's: the database, its trace, its lock, what does not fit into memory, and what is made of a
   * broken one or kept of it.
   *
   * @param database where its main file is, without {@code .mv.db}
   */
  public static OwnFiles ofH2(Path database) {
    Path whole = database.toAbsolutePath().normalize();
    String name = String.valueOf(whole.getFileName());
    return new OwnFiles(
        folderOf(whole),
        1,
        Pattern.compile(
            Pattern.quote(name)
                + "\\.((\\w+\\.|broken-[^/]+\\.)?(mv|trace|lock)\\.db.*|\\d+\\.temp\\.db|lobs\\.db.*"
                + "|broken|starts|rebuilt\\.txt|rebuild\\.lock|restored\\.json|moved\\.json|moving\\.json|restore-plan\\.json|key|settings\\.sealed)"));
  }

  /** A log, or its archives, as logback names them: with {@code %d} and {@code %i}. */
  public static OwnFiles ofLog(String pattern) {
    Path whole = Path.of(pattern).toAbsolutePath().normalize();
    Path folder = folderOf(whole);
    while (PLACEHOLDER.matcher(folder.toString()).find()) {
      folder = folderOf(folder);
    }
    Path below = folder.relativize(whole);
    String names = below.toString().replace('\\', '/');
    String regex =
        Stream.of(PLACEHOLDER.split(names, -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".+"));
    return new OwnFiles(folder, below.getNameCount(), Pattern.compile(regex + IN_WORK));
  }

  /** Makes the folder if it is missing. That it fails is left to the library to find. */
  public void makeFolder() {
    try {
      PrivateFiles.makeFolder(folder);
    } catch (IOException e) {
      LOGGER.debug("{} was not made beforehand", folder, e);
    }
  }

  private static Path folderOf(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** Takes away from others what they may do with those that are there. Never fails. */
  public void restrict() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder, depth)) {
      List<Path> ours =
          files
              .filter(
                  file ->
                      name.matcher(folder.relativize(file).toString().replace('\\', '/')).matches())
              .toList();
      PrivateFiles.restrictAll(ours);
    } catch (IOException | UncheckedIOException e) {
      LOGGER.debug("{} cannot be listed", folder, e);
    }
  }
}
