package dev.acuse.it.api;

import dev.acuse.support.Engine;

class DisputesApiOnH2IT extends DisputesApi {
  DisputesApiOnH2IT() {
    super(Engine.H2);
  }
}
