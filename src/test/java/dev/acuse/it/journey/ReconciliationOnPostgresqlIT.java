package dev.acuse.it.journey;

import dev.acuse.support.Engine;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class ReconciliationOnPostgresqlIT extends Reconciliation {
  ReconciliationOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
