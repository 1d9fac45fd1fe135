package dev.acuse.it;

import dev.acuse.support.Engine;

class ReconciliationOnPostgresqlIT extends Reconciliation {
  ReconciliationOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
