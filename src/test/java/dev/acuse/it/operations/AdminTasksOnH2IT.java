package dev.acuse.it.operations;

import dev.acuse.support.Engine;

class AdminTasksOnH2IT extends AdminTasks {
  AdminTasksOnH2IT() {
    super(Engine.H2);
  }
}
