package dev.acuse.it.api;

import dev.acuse.support.Engine;

class CheckoutsOnH2IT extends CheckoutRequests {
  CheckoutsOnH2IT() {
    super(Engine.H2);
  }
}
