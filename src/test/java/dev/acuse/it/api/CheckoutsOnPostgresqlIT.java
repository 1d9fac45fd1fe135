package dev.acuse.it.api;

import dev.acuse.support.Engine;

class CheckoutsOnPostgresqlIT extends Checkouts {
  CheckoutsOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
