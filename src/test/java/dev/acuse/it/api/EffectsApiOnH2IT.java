package dev.acuse.it.api;

import dev.acuse.support.Engine;

class EffectsApiOnH2IT extends EffectsApi {
  EffectsApiOnH2IT() {
    super(Engine.H2);
  }
}
