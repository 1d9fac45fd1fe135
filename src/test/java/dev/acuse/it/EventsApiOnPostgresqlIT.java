package dev.acuse.it;

import dev.acuse.support.Engine;

class EventsApiOnPostgresqlIT extends EventsApi {
  EventsApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
