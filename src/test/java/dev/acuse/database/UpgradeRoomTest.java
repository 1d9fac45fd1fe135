package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradeRoomTest {
  private static final List<String> UNRUN = List.of("0019-reconciliation-gap", "0020-event-h2");

  @TempDir private Path folder;

  /** The service opens its file by the second. */
  @ParameterizedTest
  @ValueSource(strings = {"file:", "file:async:", "async:"})
  void needsTwiceTheFile(String how) throws Exception {
    try (Connection connection = open(how)) {
      Path file = folder.resolve("acuse.mv.db");
      List<Path> asked = new ArrayList<>();
      long size = Files.size(file);

      assertThatCode(
              () ->
                  UpgradeRoom.check(
                      connection,
                      UNRUN,
                      of -> {
                        asked.add(of);
                        return 3 * size;
                      }))
          .doesNotThrowAnyException();
      assertThat(asked).containsExactly(file);
      assertThatThrownBy(() -> UpgradeRoom.check(connection, UNRUN, of -> size))
          .isInstanceOf(UnfitDatabaseException.class)
          .hasMessageContainingAll(file.toString(), "MB free", "nothing was changed");
    }
  }

  @Test
  void whatCopiesNoTableNeedsNone() throws Exception {
    try (Connection connection = open("file:")) {
      assertThatCode(
              () -> UpgradeRoom.check(connection, List.of("0019-reconciliation-gap"), of -> 0))
          .doesNotThrowAnyException();
    }
  }

  private Connection open(String how) throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:h2:" + how + folder.resolve("acuse"), "sa", "");
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER)");
      statement.execute("CHECKPOINT SYNC");
    }
    return connection;
  }
}
