package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of the console, in every language. */
class MessagesTest {
  private static final Pattern USED = Pattern.compile("\\bt\\(\"([a-z.-]+)\"\\s*[,)]");
  private static final Pattern STEP = Pattern.compile("\\.step\\(\\s*\"([a-z -]+)\"");
  private static final Pattern PLACE = Pattern.compile("\\{[0-9]}");

  @ParameterizedTest
  @ValueSource(strings = {"es", "pt"})
  void everyTextIsThereInEveryLanguageWithTheSamePlaces(String language) throws IOException {
    Properties english = texts("");
    Properties other = texts("_" + language);

    assertThat(other.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertThat(places(other.getProperty(key)))
          .as(key)
          .isEqualTo(places(english.getProperty(key)));
    }
  }

  @Test
  void everyTextThatAPageNamesIsThere() throws IOException {
    Set<String> known = texts("").stringPropertyNames();
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> pages = Files.list(Path.of("src/main/resources/console/pages"))) {
      for (Path page : pages.toList()) {
        Matcher used = USED.matcher(Files.readString(page));
        while (used.find()) {
          if (!known.contains(used.group(1))) {
            missing.add(used.group(1));
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyStepOfAnAttemptHasAName() throws IOException {
    Set<String> known = texts("").stringPropertyNames();
    Set<String> steps = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        STEP.matcher(Files.readString(source))
            .results()
            .forEach(step -> steps.add("step." + step.group(1).replace(' ', '-')));
      }
    }
    assertThat(steps).contains("step.look-up", "step.order", "step.case", "step.dispute");
    assertThat(known).containsAll(steps);
  }

  @Test
  void noPageLeavesEscapingOrCarriesAScriptOrStyleOfItsOwn() throws IOException {
    try (Stream<Path> pages = Files.list(Path.of("src/main/resources/console/pages"))) {
      for (Path page : pages.toList()) {
        assertThat(Files.readString(page))
            .as(page.toString())
            .doesNotContain("no_esc", "noautoesc", "<#outputformat", " style=", "javascript:")
            .doesNotContainPattern("<script(?! src=\"/console/assets/console.js\" defer></script>)")
            .doesNotContainPattern("\\son[a-z]+=");
      }
    }
    assertThat(Files.readString(Path.of("src/main/resources/console/assets/console.js")))
        .doesNotContain("innerHTML", "insertAdjacentHTML", "eval(", "document.write");
  }

  private static Set<String> places(String text) {
    Set<String> places = new TreeSet<>();
    PLACE.matcher(text).results().forEach(place -> places.add(place.group()));
    return places;
  }

  private static Properties texts(String suffix) throws IOException {
    var texts = new Properties();
    try (InputStream file =
        MessagesTest.class.getResourceAsStream("/console/messages" + suffix + ".properties")) {
      texts.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    }
    return texts;
  }
}
