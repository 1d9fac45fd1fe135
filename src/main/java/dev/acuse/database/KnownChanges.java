package dev.acuse.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The changes that this version makes of a schema, as Liquibase writes them into its table: for
 * those who must not wait until Liquibase has read them. {@code SchemaReferenceTest} holds the list
 * to what Liquibase does.
 */
final class KnownChanges {
  private static final String LIST = "/migrations.list";
  private static final Pattern NUMBER = Pattern.compile("^[0-9]{1,9}");

  private static final List<Entry> ENTRIES = read();

  private KnownChanges() {}

  /**
   * A change that has run, or is to run.
   *
   * @param file which it stands in, as Liquibase names it
   * @param checksum of its text, as Liquibase 4.22 and later makes it
   */
  record Change(String id, String author, String file, String checksum) {

    /** Whether both are of one name; the text of one may have been edited since. */
    boolean isSame(Change other) {
      return id.equals(other.id) && author.equals(other.author) && file.equals(other.file);
    }
  }

  private record Entry(List<String> engines, Change change) {}

  /**
   * All for an engine, in the order of their files.
   *
   * @param isH2 whether that is H2, or else PostgreSQL
   */
  static List<Change> of(boolean isH2) {
    String engine = isH2 ? "h2" : "postgresql";
    return ENTRIES.stream()
        .filter(entry -> entry.engines().contains(engine))
        .map(Entry::change)
        .toList();
  }

  /** The number of the latest change, which its id begins with; 0 if there is none. */
  static int latest() {
    return latest(ENTRIES.stream().map(Entry::change));
  }

  /** The same of any changes. */
  static int latest(Stream<Change> changes) {
    return changes
        .map(change -> NUMBER.matcher(change.id()))
        .filter(Matcher::find)
        .mapToInt(number -> Integer.parseInt(number.group()))
        .max()
        .orElse(0);
  }

  private static List<Entry> read() {
    try (InputStream list = KnownChanges.class.getResourceAsStream(LIST)) {
      if (list == null) {
        throw new IllegalStateException("the program lacks " + LIST);
      }
      return new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(KnownChanges::entry)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(String line) {
    String[] words = line.split(" ", -1);
    return new Entry(
        List.of(words[4].split(",", -1)), new Change(words[1], words[2], words[0], words[3]));
  }
}
