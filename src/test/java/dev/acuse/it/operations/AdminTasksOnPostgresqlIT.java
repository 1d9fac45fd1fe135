package dev.acuse.it.operations;

import dev.acuse.support.Engine;

class AdminTasksOnPostgresqlIT extends AdminTasks {
  AdminTasksOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
