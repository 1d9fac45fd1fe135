package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class PaymentJourneyOnPostgresqlIT extends PaymentJourney {
  PaymentJourneyOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
