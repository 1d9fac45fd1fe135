package dev.acuse.it.intake;

import dev.acuse.support.Engine;

class BadBodiesOnPostgresqlIT extends BadBodies {
  BadBodiesOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
