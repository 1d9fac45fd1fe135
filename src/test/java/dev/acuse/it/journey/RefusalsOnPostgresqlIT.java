package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class RefusalsOnPostgresqlIT extends Refusals {
  RefusalsOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
