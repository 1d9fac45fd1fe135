package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import org.junit.jupiter.api.Test;

class DatabaseTroubleTest {
  private static final String CHECK_VIOLATION = "23514";

  @Test
  void aRowThatBreaksARuleIsRefused() {
    var batch = new BatchUpdateException("check", CHECK_VIOLATION, new int[0]);
    batch.addSuppressed(new SQLIntegrityConstraintViolationException("check", CHECK_VIOLATION));

    assertThat(DatabaseTrouble.isRefusal(new RuntimeException(batch))).isTrue();
  }

  @Test
  void aRowWhoseDatabaseWasClosedMeanwhileIsNot() {
    SQLException closed = new SQLNonTransientConnectionException("closed", "90098");
    var check = new SQLIntegrityConstraintViolationException("check", CHECK_VIOLATION, closed);
    var batch = new BatchUpdateException("check", CHECK_VIOLATION, new int[0]);
    batch.addSuppressed(check);

    assertThat(DatabaseTrouble.isRefusal(new RuntimeException(check))).isFalse();
    assertThat(DatabaseTrouble.isRefusal(new RuntimeException(batch))).isFalse();
  }
}
