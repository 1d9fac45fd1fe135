package dev.acuse.it.api;

import dev.acuse.support.Engine;

class AccountsApiOnH2IT extends AccountsApi {
  AccountsApiOnH2IT() {
    super(Engine.H2);
  }
}
