package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about bad input names no test that is not there. */
class BadInputReferenceTest {
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)(…?)(IT|Test)`");

  @Test
  void everyTestThatThePageNamesIsThere() throws Exception {
    Set<String> tests = tests();
    Matcher named = TEST.matcher(Files.readString(Path.of("docs/reference/bad-input.md")));
    Set<String> found = new TreeSet<>();
    while (named.find()) {
      // One class an engine, where it is a question of engines.
      String middle = named.group(2).isEmpty() ? "" : "OnPostgresql";
      found.add(named.group(1) + middle + named.group(3));
    }

    assertThat(found).hasSizeGreaterThan(10);
    assertThat(tests).containsAll(found);
  }

  private static Set<String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }
}
