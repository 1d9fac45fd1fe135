package dev.acuse.it;

import dev.acuse.support.Engine;

class PaymentJourneyOnPostgresqlIT extends PaymentJourney {
  PaymentJourneyOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
