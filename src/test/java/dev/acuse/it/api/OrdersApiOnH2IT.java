package dev.acuse.it.api;

import dev.acuse.support.Engine;

class OrdersApiOnH2IT extends OrdersApi {
  OrdersApiOnH2IT() {
    super(Engine.H2);
  }
}
