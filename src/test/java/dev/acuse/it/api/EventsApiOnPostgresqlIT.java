package dev.acuse.it.api;

import dev.acuse.support.Engine;

class EventsApiOnPostgresqlIT extends EventsApi {
  EventsApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
