package dev.acuse.it.intake;

import dev.acuse.support.Engine;

class TopicsOnH2IT extends Topics {
  TopicsOnH2IT() {
    super(Engine.H2);
  }
}
