package dev.acuse.it.api;

import dev.acuse.support.Engine;

class EffectsApiOnPostgresqlIT extends EffectsApi {
  EffectsApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
