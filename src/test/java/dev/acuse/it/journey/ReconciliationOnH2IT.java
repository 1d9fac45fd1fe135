package dev.acuse.it.journey;

import dev.acuse.support.Engine;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class ReconciliationOnH2IT extends Reconciliation {
  ReconciliationOnH2IT() {
    super(Engine.H2);
  }
}
