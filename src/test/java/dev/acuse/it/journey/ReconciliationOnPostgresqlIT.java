package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class ReconciliationOnPostgresqlIT extends Reconciliation {
  ReconciliationOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
