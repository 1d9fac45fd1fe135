package dev.acuse.it;

import dev.acuse.support.Engine;

class BadBodiesOnPostgresqlIT extends BadBodies {
  BadBodiesOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
