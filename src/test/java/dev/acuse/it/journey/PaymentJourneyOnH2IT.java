package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class PaymentJourneyOnH2IT extends PaymentJourney {
  PaymentJourneyOnH2IT() {
    super(Engine.H2);
  }
}
