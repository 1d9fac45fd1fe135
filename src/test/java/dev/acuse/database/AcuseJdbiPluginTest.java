package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AcuseJdbiPluginTest {
  @ParameterizedTest
  @EnumSource
  void whatWasBoundToAStatementThatFailsIsNotTold(Engine engine) {
    try (var database = TestDatabase.openEmpty(engine)) {
      Throwable failure =
          catchThrowable(
              () ->
                  database
                      .jdbi()
                      .useHandle(
                          handle ->
                              handle
                                  .createUpdate("UPDATE nowhere SET payer_email = :payerEmail")
                                  .bind("payerEmail", "ana@example.test")
                                  .execute()));

      assertThat(failure).isNotNull();
      assertThat(Throwables.getStackTrace(failure)).doesNotContain("ana@example.test");
    }
  }
}
