package dev.acuse.it.journey;

import dev.acuse.support.Engine;

class RefusalsOnH2IT extends Refusals {
  RefusalsOnH2IT() {
    super(Engine.H2);
  }
}
