package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresDurabilityTest {

  @ParameterizedTest
  @ValueSource(strings = {"off", "local", "remote_write"})
  void aCommitThatPromisesLessIsWarnedAbout(String value) {
    assertThat(warnings(value))
        .anySatisfy(
            warning -> assertThat(warning).startsWith("synchronous_commit is " + value + ":"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "remote_apply"})
  void aCommitThatIsOnDiskIsNot(String value) {
    assertThat(warnings(value)).noneMatch(warning -> warning.startsWith("synchronous_commit"));
  }

  private static List<String> warnings(String value) {
    try (var database = TestDatabase.openEmpty(Engine.POSTGRESQL)) {
      String url = database.url();
      String separator = url.contains("?") ? "&" : "?";
      return PostgresDurability.warnings(
          Jdbi.create(url + separator + "options=-c%20synchronous_commit=" + value));
    }
  }
}
