package dev.acuse.it.api;

import dev.acuse.support.Engine;

class DisputesApiOnPostgresqlIT extends DisputesApi {
  DisputesApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
