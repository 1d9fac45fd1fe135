package dev.acuse.it.api;

import dev.acuse.support.Engine;

class CheckoutsOnPostgresqlIT extends CheckoutRequests {
  CheckoutsOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
