package dev.acuse.it.api;

import dev.acuse.support.Engine;

class OrdersApiOnPostgresqlIT extends OrdersApi {
  OrdersApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
