package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class ReconciliationOnH2IT extends Reconciliation {
  ReconciliationOnH2IT() {
    super(Engine.H2);
  }
}
