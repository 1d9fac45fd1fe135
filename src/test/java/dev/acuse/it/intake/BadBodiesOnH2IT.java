package dev.acuse.it.intake;

import dev.acuse.support.Engine;

class BadBodiesOnH2IT extends BadBodies {
  BadBodiesOnH2IT() {
    super(Engine.H2);
  }
}
