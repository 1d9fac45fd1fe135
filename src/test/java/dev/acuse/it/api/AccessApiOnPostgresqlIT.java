package dev.acuse.it.api;

import dev.acuse.support.Engine;

class AccessApiOnPostgresqlIT extends AccessApi {
  AccessApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
