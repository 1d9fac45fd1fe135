package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class PartPaymentsOnH2IT extends PartPayments {
  PartPaymentsOnH2IT() {
    super(Engine.H2);
  }
}
