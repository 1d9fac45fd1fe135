package dev.acuse.it.api;

import dev.acuse.support.Engine;

class EventsApiOnH2IT extends EventsApi {
  EventsApiOnH2IT() {
    super(Engine.H2);
  }
}
