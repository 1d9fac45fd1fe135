package dev.acuse.it.api;

import dev.acuse.support.Engine;

class AccessApiOnH2IT extends AccessApi {
  AccessApiOnH2IT() {
    super(Engine.H2);
  }
}
