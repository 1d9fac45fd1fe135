package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class PartPaymentsOnPostgresqlIT extends PartPayments {
  PartPaymentsOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
