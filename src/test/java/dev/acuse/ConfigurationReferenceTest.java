package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about the configuration knows every environment variable, and invents none. */
class ConfigurationReferenceTest {
  private static final Pattern IN_CONFIG = Pattern.compile("\\$\\{([A-Z_]+):-");
  private static final Pattern IN_PAGE = Pattern.compile("`([A-Z][A-Z_]{3,})`");

  @Test
  void everyVariableOfTheConfigurationIsDescribedAndNoOther() throws Exception {
    assertThat(names("docs/reference/configuration.md", IN_PAGE))
        .isEqualTo(names("config.yml", IN_CONFIG));
  }

  private static Set<String> names(String file, Pattern pattern) throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
