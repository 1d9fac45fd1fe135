package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The queries that the documentation offers run on both engines. */
class DocumentedQueriesTest {

  @ParameterizedTest
  @EnumSource
  void everyQueryOfThePageRuns(Engine engine) throws Exception {
    String page = Files.readString(Path.of("docs/reference/commands.md"));
    String block = page.substring(page.indexOf("```sql") + 6);
    List<String> queries =
        Arrays.stream(block.substring(0, block.indexOf("```")).split(";"))
            .map(String::strip)
            .filter(query -> !query.isEmpty())
            .toList();

    assertThat(queries).hasSizeGreaterThan(4);
    try (TestDatabase database = TestDatabase.open(engine)) {
      for (String query : queries) {
        assertThatCode(
                () ->
                    database
                        .jdbi()
                        .withHandle(handle -> handle.createQuery(query).mapToMap().list()))
            .as(query)
            .doesNotThrowAnyException();
      }
    }
  }
}
