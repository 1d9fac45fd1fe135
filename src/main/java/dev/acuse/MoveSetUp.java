package dev.acuse;

import dev.acuse.account.AccountStore;
import dev.acuse.admin.TaskStatus;
import dev.acuse.inbox.PauseSwitch;
import dev.acuse.move.MoveTask;
import dev.acuse.move.Moves;
import dev.acuse.move.ServiceMove;
import io.dropwizard.core.setup.Environment;

/** The move of a service's inbox to PostgreSQL. */
final class MoveSetUp {
  private MoveSetUp() {}

  /**
   * Installs the task {@code move}, and ends the pause that a move has left that was cut off.
   *
   * @param onMoved ends the process in order; must not block
   */
  static void install(
      Environment environment,
      Database database,
      Processing processing,
      Receiving intake,
      PauseSwitch pauses,
      AccountStore accounts,
      Runnable onMoved) {
    OpenH2 h2 = database.h2();
    ServiceMove move = null;
    if (h2 != null) {
      Moves.endPause(pauses);
      move =
          new ServiceMove(
              h2.files(),
              h2.direct()::getConnection,
              h2.gate(),
              pauses,
              processing.eventReader(),
              intake.writer().drainer().orElse(null),
              database.clock(),
              accounts::keyHint);
    }
    var status = new TaskStatus();
    status.install(environment, "move-task-status");
    environment.admin().addTask(new MoveTask(move, onMoved, status));
  }
}
