package dev.acuse.it.intake;

import dev.acuse.support.Engine;

class TopicsOnPostgresqlIT extends Topics {
  TopicsOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
