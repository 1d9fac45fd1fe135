package dev.acuse.it;

import dev.acuse.support.Engine;

class CheckoutsOnPostgresqlIT extends Checkouts {
  CheckoutsOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
