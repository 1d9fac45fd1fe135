package dev.acuse.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrayVariablesTest {
  private static final Pattern IN_CONFIG = Pattern.compile("\\$\\{(\\w+)");

  /** What the shipped configuration reads. */
  private static Set<String> read;

  @BeforeAll
  static void readConfiguration() throws Exception {
    read = new TreeSet<>();
    Matcher matcher = IN_CONFIG.matcher(Files.readString(Path.of("config.yml")));
    while (matcher.find()) {
      read.add(matcher.group(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MP_ACESS_TOKEN, MP_ACCESS_TOKEN",
    "MP_WEBHOOK_SECRETS, MP_WEBHOOK_SECRET",
    "mp_access_token, MP_ACCESS_TOKEN",
    "ACUSE_WORKER, ACUSE_WORKERS",
    "ACUSE_SPOOL_FOLDER, ACUSE_SPOOL_DIR",
    "ACSUE_WORKERS, ACUSE_WORKERS",
    "GHL_TOKN, GHL_TOKEN",
    "DATABASE_ULR, DATABASE_URL",
    "DATABASE_URI, DATABASE_URL",
    "DATABASE_PASWORD, DATABASE_PASSWORD",
    "DATBASE_URL, DATABASE_URL",
    "ADMIN_PROT, ADMIN_PORT",
    "LOGDIR, LOG_DIR",
    "PROT, PORT"
  })
  void misspelledVariableIsNamedWithTheOneThatIsMeant(String set, String meant) {
    assertThat(StrayVariables.among(Set.of(set), read))
        .containsExactly(new StrayVariables.Stray(set, meant));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACUSE_FAVOURITE_COLOUR", "MP_X", "GHL_SOMETHING_ELSE_ALTOGETHER"})
  void whatBeginsAsOursAndIsNearNothingIsNamedAlone(String set) {
    assertThat(StrayVariables.among(Set.of(set), read))
        .containsExactly(new StrayVariables.Stray(set, null));
  }

  @Test
  void variablesOfOtherProgramsAndOursAreLeftAlone() {
    Set<String> others =
        Set.of(
            "PATH",
            "HOME",
            "HOST",
            "LANG",
            "PWD",
            "port",
            "DATABASE_HOST",
            "DATABASE_PORT",
            "DATABASE_NAME",
            "LOG_LEVEL",
            "LOG_FORMAT",
            "ADMIN_EMAIL",
            "ADMIN_PASSWORD",
            "JAVA_OPTS",
            "JAVA_HOME",
            "JAVA_TOOL_OPTIONS",
            "ACUSE_CONFIG",
            "ACUSE_JAVA_OPTS",
            "ACUSE_KEY",
            "TEST_DATABASE_URL",
            "MAVEN_OPTS",
            "TZ",
            "TERM");

    assertThat(StrayVariables.among(others, read)).isEmpty();
    assertThat(StrayVariables.among(read, read)).isEmpty();
  }

  @Test
  void sentenceSaysWhatIsMeantAndNoValue() {
    assertThat(new StrayVariables.Stray("GHL_TOKN", "GHL_TOKEN").sentence())
        .isEqualTo("GHL_TOKN is set, and nothing reads it: GHL_TOKEN is meant?");
    assertThat(new StrayVariables.Stray("MP_X", null).sentence())
        .isEqualTo(
            "MP_X is set, and nothing reads it: the configuration's file names no such variable");
  }
}
